"""One drawn plan, played for real: the lab's system with somebody's open files, and every word that its casebook tells.

What an exam does with such a plan is done here by the same parts: the trial is drawn, the system stands, and the
experiment's steps are taken, one after the other. Only the pace is left out. Nobody waits for a timeline: the words
are read as they are told, all that there are at once.
"""

from __future__ import annotations

import http.client
import importlib
import json
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from chaoslib.activity import run_activity
from chaoslib.exceptions import ChaosException
from chaoslib.hypothesis import within_tolerance

from grader import faults
from grader.addresses import locate
from grader.authoring.audit.accepted import read
from grader.authoring.play.cast import Cast
from grader.chaos.experiment import load
from grader.course.spec import Scenario
from grader.errors import GraderError
from grader.exam.draw import draw_trial, phase_plans
from grader.judge.record import TrialRecord
from grader.load.schedule import schedule
from grader.load.traffic import import_file, make_traffic
from infra.runtime import Deployment

OWN = 2**64
"""Added to a plan's number, it is the seed of the trial. Exams have seeds below 2^31, and a candidate's follows from a
key: what is played is no exam's plan."""

CONTROL, OUTCOMES = 9000, "/outcomes/"
LOOK_S = 3.0
"""So long words are waited for before it is looked whether the experiment goes on. A casebook has some each second,
unless the machine is busy."""

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
    """Whether plans of the lab are played: its exam asks a casebook, and its own files do not leave that out."""
    return not unplayed(scenario)


def unplayed(scenario: Scenario) -> str:
    """Why only an exam tells what becomes of a submission: what the lab does, to stand behind its name. Empty if it is
    playable. BadInput if audit.yaml, which may say so, is malformed."""
    if not _has_world(scenario):
        return "judges what users get, second by second, and has no world to play"
    return read(scenario).unplayed


def _has_world(scenario: Scenario) -> bool:
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


def casebook_of(scenario: Scenario) -> str:
    """The service that plays the plans of a playable lab."""
    target: str = import_file(scenario.load_file).Traffic.target
    return urlsplit(target).hostname or ""


def play(scenario: Scenario, cast: Cast, number: int) -> Iterator[Told]:
    """Every word that is told of a submission, by the trials of one number.

    Args:
        scenario: of a lab that is playable; its folder can be imported from.
        cast: the system, fresh for each trial. After an error it has to be closed.
        number: of the plan.

    Raises:
        PlayFailed: a step of the experiment did not do what it is for, or a part of ours broke.
        ServiceFailed, PlatformBroken: the system did not start.
    """
    for spec in scenario.spec.trials:
        trial = draw(scenario, spec.id, number)
        yield from _played(scenario, cast, cast.fresh(), trial)


def _played(scenario: Scenario, cast: Cast, deployment: Deployment, trial: TrialRecord) -> Iterator[Told]:
    addresses = {
        f"{service.name}:{port}": f"{at.host}:{at.port}"
        for service in cast.system.services.values()
        for port in service.published
        for at in [deployment.address(service.name, port)]
    }
    begun = time.monotonic()
    context = faults.Context(lambda: deployment, addresses, cast.token, lambda: (time.monotonic() - begun) / PATIENT)
    faults.use(context)
    known = {**scenario.configuration(trial.kind), **trial.parameters}
    experiment = load(scenario.folder / scenario.spec.trial(trial.kind).experiment, known)
    phases = phase_plans(scenario.spec.phases(trial.kind))
    traffic = make_traffic(scenario.load_file, trial.parameters, trial.seed, phases)
    length: Any = traffic  # of a casebook, so it says how many questions there are
    arrivals = schedule(phases, trial.seed)
    asked = [(one.phase, traffic.request(one.n)) for one in arrivals if one.n < len(length)]
    with ThreadPoolExecutor(max_workers=1) as aside:
        try:
            steps = aside.submit(_take, experiment)
            heard = _heard(cast, addresses, asked[0][1].path, steps, begun + PATIENT * trial.planned_s)
        finally:
            context.hurry.set()
    steps.result()
    for phase, question in asked:  # in the order in which an exam asks
        body = heard.get(question.path)
        word = UNTOLD if body is None else traffic.check(question, 200, {}, json.dumps(body).encode())
        note = "" if body is None else str(body["note"])
        yield Told(trial.kind, phase, question.name, question.segment, word, note)


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


def _heard(
    cast: Cast, addresses: Mapping[str, str], first: str, steps: Future[None], until: float
) -> dict[str, dict[str, str]]:
    """What the casebook answers to each question, by its path: once all is told, the time is over, or a step of the
    experiment has failed. `first`: the path of any question."""
    base = urlsplit(locate(f"http://{cast.casebook}:{CONTROL}", addresses))
    heard: dict[str, dict[str, str]] = {}
    over = False
    while not over and time.monotonic() < until and not (steps.done() and steps.exception()):
        place = f"/told?ticket={first.removeprefix(OUTCOMES)}&from={len(heard)}"
        connection = http.client.HTTPConnection(base.hostname or "", base.port, timeout=LOOK_S)
        try:
            connection.request("GET", place, headers={"authorization": f"Bearer {cast.token}"})
            answer = connection.getresponse()
            body = answer.read()
        except TimeoutError:
            continue
        except (OSError, http.client.HTTPException) as error:
            raise PlayFailed(f"the casebook does not tell: {error!r}") from error
        finally:
            connection.close()
        if answer.status != 200:
            raise PlayFailed(f"the casebook tells with status {answer.status}: {body[:200]!r}")
        told = json.loads(body)
        over = told["over"]
        heard |= {OUTCOMES + ticket: {"answer": word, "note": note} for ticket, word, note in told["told"]}
    return heard
