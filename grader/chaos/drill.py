"""One run of a candidate's experiment: in a process of its own, with an end; its outcome becomes one event.

The outcomes: `deviated`, the hypothesis held before the method and not after it; `held`, it held both times;
`unsteady`, it did not hold before; `broken`, a step could not be taken; `overran`, it was not through in time.
"""

from __future__ import annotations

import json
import os
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any, NoReturn

from grader.chaos import activities
from grader.chaos.activities import Trouble
from grader.chaos.plan import ChaosPlan, DrillOrder
from grader.course.drill import DRILL
from grader.lifeline import POLL_S, Lifeline
from grader.load.record import Recorder
from grader.load.schedule import phase_at

MOST_TOLD = 4096
STOPPED = 143


@dataclass(frozen=True)
class Outcome:
    """How a run went; `said` is a sentence about it, empty where nothing has to be said."""

    word: str
    said: str = ""


def run_drill(
    plan: ChaosPlan, order: DrillOrder, experiment: dict[str, Any], now: Callable[[], float], lifeline: Lifeline
) -> str:
    """Wait for the run's time, run it between two lifts of all faults, and record it.

    Args:
        plan: where its event goes.
        order: when, and what the lab allows.
        experiment: of `grader.chaos.allowed`.
        now: trial time, seconds.
        lifeline: when it is cut, everything ends.

    Returns:
        What broke on our side, else an empty text.
    """
    signal.signal(signal.SIGTERM, _stop)
    while (left := order.start_s - now()) > 0 and not lifeline.cut():
        time.sleep(min(left, POLL_S))
    recorder = Recorder(plan.trial, plan.steps)
    activities.use(order.rules)
    begun = now()
    try:
        activities.lift()
        outcome = in_time(lambda: run_once(experiment), order.rules.seconds, lifeline)
        activities.lift()
    except Trouble as error:
        return str(error)
    if outcome.word == "trouble":
        return outcome.said
    recorder.add(
        "probe",
        DRILL,
        order.start_s,
        phase=phase_at(plan.phases, order.start_s),
        sent=begun,
        done=now(),
        status=200,
        answer=outcome.word,
        value=float(outcome.word == "deviated"),
        error=outcome.said[:200],
    )
    recorder.close("finished")
    return ""


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    """End, and the forked process with us."""
    raise SystemExit(STOPPED)


def run_once(experiment: dict[str, Any]) -> Outcome:
    """Run it with Chaos Toolkit, hypothesis before and after the method, rollbacks always."""
    from chaoslib.experiment import run_experiment
    from chaoslib.types import Strategy

    journal = run_experiment(
        experiment,
        settings={"runtime": {"rollbacks": {"strategy": "always"}}},
        strategy=Strategy.DEFAULT,
    )
    return outcome_of(journal)


def outcome_of(journal: dict[str, Any]) -> Outcome:
    """What a journal says."""
    states = journal["steady_states"]
    steps = [*_probes(states["before"]), *journal["run"], *_probes(states["after"]), *journal["rollbacks"]]
    for step in steps:
        if Trouble.__name__ in _complaint(step):
            return Outcome("trouble", _complaint(step))
    if not (states["before"] or {}).get("steady_state_met"):
        return Outcome("unsteady", _unmet(states["before"]))
    for step in journal["run"]:
        if step["status"] != "succeeded" and step["activity"]["type"] == "action":
            return Outcome("broken", f"{step['activity']['name']}: {_complaint(step)}")
    if not states["after"]:
        return Outcome("broken", f"the experiment ended {journal['status']}")
    return Outcome("held") if states["after"]["steady_state_met"] else Outcome("deviated", _unmet(states["after"]))


def _probes(state: dict[str, Any] | None) -> list[dict[str, Any]]:
    return list((state or {}).get("probes") or [])


def _unmet(state: dict[str, Any] | None) -> str:
    """The probe that was out of tolerance."""
    for probe in _probes(state):
        if not probe.get("tolerance_met", True):
            said = _complaint(probe) or f"{probe.get('output')!r:.100} is not {probe['activity']['tolerance']!r}"
            return f"{probe['activity']['name']}: {said}"
    return "its hypothesis could not be tried"


def _complaint(step: dict[str, Any]) -> str:
    """The last line of what a step raised."""
    return " ".join(str((step.get("exception") or [""])[-1]).split())


def in_time(work: Callable[[], Outcome], seconds: float, lifeline: Lifeline) -> Outcome:
    """Do it in a forked process that is killed when the time is up, whatever it is doing."""
    heard, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(heard)
        _live(work, told, seconds)
    os.close(told)
    try:
        data = _answer(heard, time.monotonic() + seconds, lifeline)
    finally:
        os.close(heard)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    if data is None:
        return Outcome("overran", f"it was not through in {seconds:g} s")
    return Outcome(*json.loads(data)) if data else Outcome("broken", "it ended without a word")


def _live(work: Callable[[], Outcome], told: int, seconds: float) -> None:
    """The life of the forked process; it also ends by itself should nobody be there to end it."""
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds + 2 * POLL_S)
    try:
        outcome = work()
    except BaseException as error:  # whatever a stranger's experiment makes Chaos Toolkit do, it is an outcome
        outcome = Outcome("broken", f"it cannot be run: {error!r}")
    os.write(told, json.dumps([outcome.word, outcome.said[:500]]).encode())
    os._exit(0)


def _answer(heard: int, deadline: float, lifeline: Lifeline) -> bytes | None:
    """What the process says at its end; None if the time is up before."""
    while (left := deadline - time.monotonic()) > 0 and not lifeline.cut():
        if select.select([heard], [], [], min(left, POLL_S))[0]:
            return os.read(heard, MOST_TOLD)
    return None
