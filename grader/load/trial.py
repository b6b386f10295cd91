"""One trial's load: its arrivals, probes and metronome beats, each recorded when it is answered."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gevent
import gevent.event
from gevent.pool import Pool as Greenlets

from grader.addresses import locate
from grader.errors import BadInput
from grader.load import wire
from grader.load.api import ANSWER_FAULTS, Request
from grader.load.plan import PlannedProbe, TrialPlan
from grader.load.record import Recorder
from grader.load.schedule import looks, phase_at, request_id, schedule
from grader.load.traffic import ScenarioBroken, import_file, make_traffic

PROBE_TIMEOUT_S = 2.0
SMALL = 8 << 10
CHECKS_S, CHECKS_SHARE = 0.5, 0.1
"""CPU time that checks may have taken, and share of a trial's time, before answers of more than SMALL bytes are `wrong`
unseen, with the error `costly`."""

Clock = Callable[[], float]


@dataclass(frozen=True)
class Ready:
    """A request that only waits for its due time."""

    due: float
    phase: str
    id: str
    request: Request
    message: bytes


@dataclass(frozen=True)
class Checker:
    """A probe and its function of exam.py: bytes -> (value or None, answer)."""

    probe: PlannedProbe
    check: Callable[[bytes], tuple[float | None, str]]


class Trial:
    """Runs what a `TrialPlan` says against a clock of trial time; `on_bug` is told of `ScenarioBroken`."""

    def __init__(self, plan: TrialPlan, recorder: Recorder, outstanding: int, on_bug: Callable[[Exception], None]):
        self.plan = plan
        self.recorder = recorder
        self.end = max(phase.start + phase.seconds for phase in plan.phases)
        self.traffic = make_traffic(plan.load_file.resolve(), plan.parameters, plan.seed, plan.phases)
        self.checkers = [Checker(probe, _function(probe.module, probe.check)) for probe in plan.probes]
        self._outstanding = outstanding
        self._on_bug = on_bug
        self._requests = Greenlets()
        self._observers = Greenlets()
        self._open: dict[str, tuple[Ready, float]] = {}
        self._over = gevent.event.Event()
        self._spent_s = 0.0
        self._clock: Clock = lambda: 0.0

    def run(self, clock: Clock, addresses: dict[str, str]) -> None:
        """Send everything as scheduled, wait for the last answers, and close the file."""
        self._clock = clock
        pool = wire.Pool(urlsplit(locate(self.traffic.target, addresses)).netloc, wire.ANSWER_CAP)
        for checker in self.checkers:
            url = locate(checker.probe.url, addresses)
            self._observers.spawn(self._guarded, lambda c=checker, u=url: self._observe(c, u))
        self._guarded(lambda: self._drive(pool))
        if self.plan.until_answered:
            self._await_answers()
        gevent.sleep(max(0.0, self.end - clock()))
        self._requests.join()
        self._observers.join()

    def _await_answers(self) -> None:
        """Bring the end forward to when all is answered, but into no phase in which something was scheduled."""
        sending = max((phase.start + phase.seconds for phase in self.plan.phases if phase.rate), default=self.end)
        gevent.sleep(max(0.0, sending - self._clock()))
        self._requests.join(max(0.0, self.end - self._clock()))
        self.end = min(self.end, self._clock())
        self._over.set()

    def cut(self) -> None:
        """Record what is unanswered with error `cut`."""
        for ready, sent in list(self._open.values()):
            self._record(ready, sent, None, wire.Answer(0, {}, b"", "cut"), "none")
        self._open.clear()

    def beat(self, due: float, sent: float, done: float | None, error: str, tempo: Sequence[float] = ()) -> None:
        """A beat of the metronome, shared by all trials; past this trial's end it is not its concern. `tempo` is what
        the echo said, stretch and pace, see `grader.metronome`."""
        if due < self.end:
            stretch, pace = (*tempo, None, None)[:2]
            phase = phase_at(self.plan.phases, due)
            self.recorder.add(
                "metronome",
                "echo",
                due,
                phase=phase,
                sent=sent,
                done=done,
                status=0 if error else 200,
                answer="none" if error else "right",
                value=stretch,
                error=error,
            )
            if pace is not None:
                self.recorder.add("pace", "echo", due, phase=phase, value=pace)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # whatever a scenario's code raises must end the process with its sentence
            self._on_bug(error)

    def _drive(self, pool: wire.Pool) -> None:
        for ready in self._prepared(pool.address):
            gevent.sleep(max(0.0, ready.due - self._clock()))
            if len(self._open) >= self._outstanding:
                self._record(ready, None, None, wire.Answer(0, {}, b"", "overflow"), "none")
            else:
                sent = self._clock()
                self._open[ready.id] = (ready, sent)
                self._requests.spawn(self._guarded, lambda r=ready: self._send(pool, r))

    def _prepared(self, host: str) -> Iterator[Ready]:
        """Each request is built before its due time, while the one before it waits for its own."""
        for due, phase, n in schedule(self.plan.phases, self.plan.seed):
            try:
                request = self.traffic.request(n)
                id = request_id(self.plan.seed, n)
                yield Ready(due, phase, id, request, _message(request, id, host))
            except Exception as error:  # the scenario's own code
                raise ScenarioBroken(f"{self.plan.load_file}: request({n}) failed: {error!r}") from error

    def _send(self, pool: wire.Pool, ready: Ready) -> None:
        sent = self._clock()
        self._open[ready.id] = (ready, sent)
        got = wire.exchange(pool, ready.request.method, ready.message, ready.request.timeout_s)
        done = None if got.error else self._clock()
        answer, error = ("none", got.error) if got.error else self._checked(ready.request, got)
        if self._open.pop(ready.id, None):
            self._record(ready, sent, done, wire.Answer(got.status, got.headers, b"", error), answer)

    def _checked(self, request: Request, got: wire.Answer) -> tuple[str, str]:
        """The check's word and error. Larger answers are looked at only while that takes little of a core in all."""
        began = time.thread_time()
        if len(got.body) > SMALL and self._spent_s > CHECKS_S + CHECKS_SHARE * max(0.0, self._clock()):
            return "wrong", "costly"
        try:
            return self._word(request, got)
        finally:
            self._spent_s += time.thread_time() - began

    def _word(self, request: Request, got: wire.Answer) -> tuple[str, str]:
        try:
            return str(self.traffic.check(request, got.status, got.headers, got.body)), ""
        except ANSWER_FAULTS:
            return "wrong", "malformed"
        except Exception as error:  # the scenario's own code
            raise ScenarioBroken(f"{self.plan.load_file}: check failed: {error!r}") from error

    def _record(self, ready: Ready, sent: float | None, done: float | None, got: wire.Answer, answer: str) -> None:
        self.recorder.add(
            "request",
            ready.request.name,
            ready.due,
            id=ready.id,
            phase=ready.phase,
            segment=ready.request.segment,
            sent=sent,
            done=done,
            status=got.status,
            answer=answer,
            served_by=got.headers.get("x-served-by", ""),
            error=got.error,
        )

    def _observe(self, checker: Checker, url: str) -> None:
        """Ask at each tick, late or not: a probe that takes longer than its spacing does not hold up the next."""
        pool, message = observer(url)
        for due in looks(checker.probe.every_s, self.end, self.plan.phases, checker.probe.phases):
            if self._over.wait(max(0.0, due - self._clock())):
                return
            self._observers.spawn(self._guarded, lambda d=due: self._look(checker, pool, message, d))

    def _look(self, checker: Checker, pool: wire.Pool, message: bytes, due: float) -> None:
        sent = self._clock()
        got = wire.exchange(pool, "GET", message, PROBE_TIMEOUT_S)
        done, value, answer, error = None, None, "none", got.error
        if not got.error:
            done = self._clock()
            value, answer, error = _judged(checker, got.body)
        self.recorder.add(
            "probe",
            checker.probe.name,
            due,
            phase=phase_at(self.plan.phases, due),
            sent=sent,
            done=done,
            status=got.status,
            answer=answer,
            value=value,
            error=error,
        )


def observer(url: str) -> tuple[wire.Pool, bytes]:
    """Connections and message for a plain GET."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return wire.Pool(parts.netloc), wire.encode("GET", path, parts.netloc, {}, None)


def _judged(checker: Checker, body: bytes) -> tuple[float | None, str, str]:
    try:
        value, answer = checker.check(body)
        return (None if value is None else float(value)), str(answer), ""
    except ANSWER_FAULTS:
        return None, "wrong", "malformed"
    except Exception as error:  # the scenario's own code
        raise ScenarioBroken(f"{checker.probe.module}: {checker.probe.check} failed: {error!r}") from error


def _message(request: Request, id: str, host: str) -> bytes:
    headers = {"x-request-id": id, **request.headers}
    body = request.body
    if request.json is not None:
        body = json.dumps(request.json).encode()
        headers = {"content-type": "application/json", **headers}
    return wire.encode(request.method, request.path, host, headers, body)


def _function(path: Path, name: str) -> Callable[[bytes], Any]:
    function = getattr(import_file(path.resolve()), name, None)
    if not callable(function):
        raise BadInput(f"{path}: has no function {name!r}")
    return function  # type: ignore[no-any-return]
