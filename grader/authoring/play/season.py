"""One drawn plan, played for real: the lab's system with somebody's open files, and every word that its casebook tells.

What an exam does with such a plan is done here by the same parts: the trial is drawn, the system deployed, and the
experiment's steps are taken, one after the other. Only the pace is left out. Nobody waits for a timeline: the outcomes
are read as soon as the casebook has played all of its plan.
"""

from __future__ import annotations

import http.client
import importlib
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chaoslib.activity import run_activity
from chaoslib.exceptions import ChaosException
from chaoslib.hypothesis import within_tolerance

from grader import faults
from grader.addresses import locate
from grader.chaos.experiment import load
from grader.course.spec import Scenario
from grader.errors import GraderError
from grader.exam.draw import draw_trial, phase_plans
from grader.judge.record import TrialRecord
from grader.load import Request as Question
from grader.load.schedule import schedule
from grader.load.traffic import import_file, make_traffic
from infra.runtime import Deployment, Request, Runtime
from infra.system import System

OWN = 2**64
"""Added to a plan's number, it is the seed of the trial. Exams have seeds below 2^31, and a candidate's follows from a
key: what is played is no exam's plan."""

READY_S = 75.0
LOOK_S, LEAST_S, LATE_S = 1.0, 0.05, 10.0
"""So long an outcome is waited for before it is looked whether the experiment goes on; so long when the time is over;
and so long, then, all further outcomes together."""

PATIENT = 4
"""A play may take so many times what an exam may: work beside it makes nobody miss an objective."""

UNTOLD = "untold"
"""The word for what was not told when that time was over."""


class PlayFailed(GraderError):
    """A plan could not be played; one sentence. It says nothing of the submission."""


@dataclass(frozen=True)
class Told:
    """A question and the word for it. `phase`: when an exam would have asked."""

    trial: str
    phase: str
    aspect: str
    case: str
    word: str
    note: str = ""


def is_playable(scenario: Scenario) -> bool:
    """Whether the lab's exam asks a casebook, which plays a plan as fast as it is answered."""
    traffic = getattr(import_file(scenario.load_file), "Traffic", None)
    try:
        questions = importlib.import_module("casebook.questions").Questions
    except ImportError:
        return False
    return isinstance(traffic, type) and issubclass(traffic, questions)


def draw(scenario: Scenario, kind: str, number: int) -> TrialRecord:
    """The trial of a kind that a plan's number draws, 1 or more."""
    return draw_trial(scenario, kind, 0, 1, OWN + number)


def cases(scenario: Scenario, number: int) -> dict[str, Any]:
    """The cases of a number's plans as they are drawn, by id."""
    plan_of = importlib.import_module("casebook.questions").plan_of
    drawn = [draw(scenario, trial.id, number) for trial in scenario.spec.trials]
    plans = [plan_of(scenario.lab.folder, trial.parameters.get("plan_seed")) for trial in drawn]
    return {case["id"]: case for plan in plans for case in plan["cases"]}


def play(scenario: Scenario, system: System, runtime: Runtime, files: Path, number: int) -> Iterator[Told]:
    """Every word that is told of a submission, by the trials of one number.

    Args:
        scenario: of a lab that is playable; its folder can be imported from.
        system: of the lab.
        runtime: where it is deployed, once for each trial.
        files: the staged submission.
        number: of the plan.

    Raises:
        PlayFailed: a step of the experiment did not do what it is for, or a part of ours broke.
        ServiceFailed, PlatformBroken: the system did not start.
    """
    for spec in scenario.spec.trials:
        trial = draw(scenario, spec.id, number)
        token = secrets.token_hex(16)
        name = f"{scenario.lab.id[:16]}-play-{secrets.token_hex(4)}"
        wanted = Request(name, files, secrets={"BROWNOUT_TOKEN": token}, ready_timeout_s=READY_S)
        deployment = runtime.deploy(system, wanted)
        try:
            yield from _played(scenario, system, deployment, token, trial)
        finally:
            deployment.stop()


def _played(
    scenario: Scenario, system: System, deployment: Deployment, token: str, trial: TrialRecord
) -> Iterator[Told]:
    addresses = {
        f"{service.name}:{port}": f"{at.host}:{at.port}"
        for service in system.services.values()
        for port in service.published
        for at in [deployment.address(service.name, port)]
    }
    begun = time.monotonic()
    context = faults.Context(lambda: deployment, addresses, token, lambda: (time.monotonic() - begun) / PATIENT)
    faults.use(context)
    known = {**scenario.configuration(trial.kind), **trial.parameters}
    experiment = load(scenario.folder / scenario.spec.trial(trial.kind).experiment, known)
    with ThreadPoolExecutor(max_workers=1) as aside:
        try:
            steps = aside.submit(_take, experiment)
            yield from _read(scenario, trial, addresses, steps, context.hurry)
        finally:
            context.hurry.set()
    steps.result()


def _take(experiment: Mapping[str, Any]) -> None:
    """The steps of an experiment's method; PlayFailed at the first that fails, or is out of its tolerance."""
    settings = experiment["configuration"]
    for step in experiment["method"]:
        try:
            found = run_activity(step, settings, {})
        except ChaosException as error:
            raise PlayFailed(f"step {step['name']!r} of the experiment failed: {error}") from error
        if "tolerance" in step and not within_tolerance(step["tolerance"], found, settings, {}):
            raise PlayFailed(f"step {step['name']!r} of the experiment: {found!r} is out of its tolerance")


def _read(
    scenario: Scenario, trial: TrialRecord, addresses: Mapping[str, str], steps: Future[None], hurry: threading.Event
) -> Iterator[Told]:
    """The word for each question, in the order in which an exam asks; what has none in time is untold."""
    traffic = make_traffic(scenario.load_file, trial.parameters, trial.seed)
    asked: Any = traffic  # of a casebook, so it says how many questions there are
    base = urlsplit(locate(traffic.target, addresses))
    until = time.monotonic() + PATIENT * trial.planned_s
    connection = http.client.HTTPConnection(base.hostname or "", base.port)
    try:
        for arrival in schedule(phase_plans(scenario.spec.phases(trial.kind)), trial.seed):
            if arrival.n >= len(asked):
                break
            question = traffic.request(arrival.n)
            body = _outcome(connection, question, steps, until)
            word = UNTOLD if body is None else traffic.check(question, 200, {}, body)
            note = "" if body is None else str(json.loads(body).get("note", ""))
            yield Told(trial.kind, arrival.phase, question.name, question.segment, word, note)
    finally:
        connection.close()
        hurry.set()


def _outcome(
    connection: http.client.HTTPConnection, question: Question, steps: Future[None], until: float
) -> bytes | None:
    """What the casebook answers; None once the time is over, or no step can change anything any more."""
    while (left := until - time.monotonic()) > -LATE_S and not (steps.done() and left < 0):
        connection.timeout = min(LOOK_S, max(LEAST_S, left))
        try:
            connection.request(question.method, question.path)
            answer = connection.getresponse()
            body = answer.read()
        except TimeoutError:
            connection.close()
            if steps.done():  # before its last step was let go on: it failed
                steps.result()
            if left < 0:
                return None
            continue
        except (OSError, http.client.HTTPException) as error:
            raise PlayFailed(f"the casebook did not answer {question.path}: {error!r}") from error
        if answer.status != 200:
            raise PlayFailed(f"the casebook answered {question.path} with status {answer.status}: {body[:200]!r}")
        return body
    return None
