"""All trials of one process under Locust: an Environment with one fixed user that hands arrivals to gevent pools."""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

import gevent
import gevent.event
from locust import FastHttpUser, constant, task
from locust.env import Environment

from grader.lifeline import POLL_S, Lifeline
from grader.load import wire
from grader.load.plan import Go, LoadPlan, Metronome
from grader.load.record import Recorder
from grader.load.schedule import ticks
from grader.load.traffic import ScenarioBroken
from grader.load.trial import Trial, observer

FLUSH_S = 0.2
EXIT_SCENARIO = 70
EXIT_DISK = 74


class Generator:
    """The generator's process. Made (imports and all) before the start is known; `run` ends the process."""

    def __init__(self, plan: LoadPlan, lifeline: Lifeline) -> None:
        self._plan = plan
        self._lifeline = lifeline
        self._over = gevent.event.Event()
        self._ending: tuple[int, str, str] = (0, "finished", "")
        self._clock: Callable[[], float] = lambda: 0.0
        self._beats: set[float] = set()  # due times of the metronome's unanswered beats
        self._trials = [
            Trial(trial, Recorder(trial.id, trial.out, plan.keep), plan.outstanding, self._bug) for trial in plan.trials
        ]

    def run(self, go: Go) -> NoReturn:
        """Run all trials from `go.start_at` on, write what there is, and exit."""
        self._clock = clock(go.start_at)
        self._watch_signals()
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        for work in (self._flush, self._watch_parent):
            gevent.spawn(work)
        runner = _locust(lambda: self._drive(go))
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        self._over.wait()
        self._exit(runner)

    def _drive(self, go: Go) -> None:
        beats = self._plan.metronome
        if beats is not None:
            gevent.spawn(self._beat, beats)
        jobs = [
            gevent.spawn(self._trial, trial, go.addresses.get(trial.plan.id, trial.plan.addresses))
            for trial in self._trials
        ]
        gevent.joinall(jobs)
        self._finish(0, "finished")

    def _trial(self, trial: Trial, addresses: dict[str, str]) -> None:
        try:
            trial.run(self._clock, addresses)
            while any(due < trial.end for due in self._beats):
                gevent.sleep(0.01)
            trial.recorder.close("finished")
        except OSError as error:
            self._finish(EXIT_DISK, "stopped", f"{trial.plan.out}: cannot be written: {error.strerror}")
        except Exception as error:  # a greenlet's exception would otherwise be lost
            self._bug(error)

    def _beat(self, metronome: Metronome) -> None:
        pool, message = observer(metronome.url)
        for due in ticks(1 / metronome.rate, max(trial.end for trial in self._trials)):
            gevent.sleep(max(0.0, due - self._clock()))
            self._beats.add(due)
            gevent.spawn(self._one_beat, pool, message, due)

    def _one_beat(self, pool: wire.Pool, message: bytes, due: float) -> None:
        sent = self._clock()
        got = wire.exchange(pool, "GET", message, 5.0)
        done = None if got.error else self._clock()
        tempo = () if got.error else _numbers(got.body)
        for trial in self._trials:
            trial.beat(due, sent, done, got.error, tempo)
        self._beats.discard(due)

    def _flush(self) -> None:
        while True:
            gevent.sleep(FLUSH_S)
            try:
                for trial in self._trials:
                    trial.recorder.flush()
            except OSError as error:
                self._finish(EXIT_DISK, "stopped", f"events cannot be written: {error.strerror}")
                return

    def _watch_parent(self) -> None:
        self._lifeline.ask_kernel()
        while not self._lifeline.cut():
            gevent.sleep(POLL_S)
        self._finish(0, "stopped")

    def _watch_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            gevent.signal_handler(number, self._finish, 0, "stopped")
        gevent.signal_handler(signal.SIGHUP, self._hang_up)

    def _hang_up(self) -> None:
        if self._lifeline.cut():
            self._finish(0, "stopped")

    def _bug(self, error: Exception) -> None:
        text = str(error) if isinstance(error, ScenarioBroken) else f"the generator failed: {error!r}"
        self._finish(EXIT_SCENARIO, "stopped", text)

    def _finish(self, code: int, reason: str, message: str = "") -> None:
        """End the run; only the first call counts."""
        if not self._over.is_set():
            self._ending = (code, reason, message)
            self._over.set()

    def _exit(self, runner: Any) -> NoReturn:
        """Write the last lines and go. Leaves without Python's shutdown, which would wait for open sockets."""
        code, reason, message = self._ending
        try:
            for trial in self._trials:
                trial.cut()
                for due in self._beats:
                    trial.beat(due, due, None, "cut")
                trial.recorder.close(reason)
        except OSError as error:
            code, message = EXIT_DISK, f"events cannot be written: {error.strerror}"
        if message:
            print(" ".join(message.split()), file=sys.stderr)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def clock(start_at: float) -> Callable[[], float]:
    """Trial time in seconds: 0 at `start_at` (seconds since the epoch), steady from now on whatever is done to the
    machine's time."""
    zero = time.monotonic() + (start_at - time.time())
    return lambda: time.monotonic() - zero


def _locust(drive: Callable[[], None]) -> Any:
    """A local Locust runner whose one user does `drive` once."""

    class Arrivals(FastHttpUser):  # type: ignore[misc, unused-ignore]
        fixed_count = 1
        host = "http://127.0.0.1"
        wait_time = constant(3600)

        @task  # type: ignore[untyped-decorator, unused-ignore]
        def arrivals(self) -> None:
            drive()

    environment = Environment(user_classes=[Arrivals], catch_exceptions=False)
    runner = environment.create_local_runner()
    runner.start(1, spawn_rate=1)
    return runner


def _numbers(body: bytes) -> tuple[float, ...]:
    """A metronome's answer; an echo that says something else has no numbers."""
    try:
        return tuple(map(float, body.split()))
    except ValueError:
        return ()
