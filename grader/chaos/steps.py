"""Follows an experiment step by step: writes each as an event, judges tolerances, ends it when a fault did not act."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

from chaoslib.hypothesis import within_tolerance
from chaoslib.run import RunEventHandler

from grader.load.record import Recorder
from grader.load.schedule import Stretch, phase_at

_ENDED_EARLY = 20  # the code with which chaoslib leaves early and still rolls back
_WRAPPER = "chaoslib.exceptions.ActivityFailed: "


class Follower(RunEventHandler):  # type: ignore[misc, unused-ignore]
    """Chaos Toolkit judges tolerances in the hypothesis only, and carries on after a failed action; this does both.

    Attributes:
        unmet: sentences about hypothesis probes that failed or were out of tolerance.
        failed: the same of method and rollback steps.
        stopped: whether a signal ended the experiment.
    """

    def __init__(
        self, recorder: Recorder, phases: Sequence[Stretch], now: Callable[[], float], hurry: threading.Event
    ) -> None:
        self.unmet: list[str] = []
        self.failed: list[str] = []
        self.stopped = False
        self._recorder = recorder
        self._phases = phases
        self._now = now
        self._hurry = hurry
        self._part = "hypothesis"
        self._configuration: dict[str, Any] = {}
        self._begun: dict[int, float] = {}

    def running(
        self, experiment: Any, journal: Any, configuration: Any, secrets: Any, schedule: Any, settings: Any
    ) -> None:
        """Chaos Toolkit has set its handlers by now. Its own for SIGTERM raises what it then mistakes for a failed
        activity, so that the experiment would go on: replace it."""
        self._configuration = configuration
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def start_method(self, experiment: Any) -> None:
        self._part = "method"

    def start_rollbacks(self, experiment: Any) -> None:
        self._part = "rollbacks"

    def start_activity(self, activity: Any) -> None:
        self._begun[id(activity)] = self._now()

    def activity_completed(self, activity: Any, run: Any) -> None:
        begun = self._begun.pop(id(activity), self._now())
        problem, answer = self._judged(activity, run)
        self._write(activity, run, begun, answer, problem)
        if not problem:
            return
        if self._part == "hypothesis":
            self.unmet.append(f"{activity['name']}: {problem}")
            return
        if not self.stopped:
            self.failed.append(f"{activity['name']}: {problem}")
        if self._part == "method" and threading.current_thread() is threading.main_thread():
            raise SystemExit(_ENDED_EARLY)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        first, self.stopped = not self.stopped, True
        self._hurry.set()
        if first and self._part != "rollbacks":
            raise SystemExit(_ENDED_EARLY)

    def _judged(self, activity: Any, run: Any) -> tuple[str, str]:
        """What is wrong with a step, if anything, and the event's answer."""
        if run.get("status") != "succeeded":
            lines = run.get("exception") or ["was interrupted"]
            return " ".join(str(lines[-1]).split()).removeprefix(_WRAPPER), "none"
        if "tolerance" not in activity:
            return "", "done"
        try:
            met = within_tolerance(activity["tolerance"], run["output"], self._configuration, {})
        except Exception as error:  # chaoslib raises anything on an output of another type than the tolerance
            return f"its tolerance cannot be applied: {error!r}", "no"
        output = repr(run["output"])[:200]
        return ("", "yes") if met else (f"{output} is not within {activity['tolerance']!r}", "no")

    def _write(self, activity: Any, run: Any, begun: float, answer: str, problem: str) -> None:
        output = run.get("output")
        number = isinstance(output, int | float) and not isinstance(output, bool)
        self._recorder.add(
            "fault",
            activity["name"],
            begun,
            phase=phase_at(self._phases, begun),
            segment=self._part,
            sent=begun,
            done=self._now(),
            status=200 if run.get("status") == "succeeded" else 500,
            answer=answer,
            value=float(output) if number else None,
            error=problem[:200],
        )
        self._recorder.flush()
