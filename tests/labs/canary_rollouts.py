"""How often does a rollout controller of `canary` decide wrongly by bad luck alone? Its own code, in virtual time.

    python -m tests.labs.canary_rollouts FOLDER FAULT TIMES

FOLDER holds a controller's files. Its clock, threads and network are replaced, and the model servers are modelled after
labs/cast/model-server: a rollout takes milliseconds. Prints in how many of TIMES rollouts v2 had all traffic at last.
"""

from __future__ import annotations

import heapq
import importlib
import itertools
import logging
import os
import random
import sys
import tempfile
import urllib.request
from collections import Counter, namedtuple
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from grader.load.traffic import import_file

CAST = Path(__file__).resolve().parents[2] / "labs" / "cast" / "model-server"
behaviour = import_file(CAST / "behaviour.py")

CARRIERS = tuple(f"carrier-{n}" for n in range(10))
START_S, SETTLED_S, END_S = 1.5, 11.1, 13.1
RATE = 80.0
WRONG = {"v1": 0.039, "v2": 0.032}
"""Ratio of parcels read wrong: README.md of the model server."""

SEEN, FIRST_S, SPREAD_S = 0.6, 0.8, 0.8
"""Of people's marks: main.py of the model server."""

NOISE = (0.0, 0.0, 0.22, 0.26, 0.3)
"""Of the starts of bad releases: scenario.yaml of the exam."""

CALL_S = 0.012
"""What a look or a change of the split takes."""

Sample = namedtuple("Sample", "name labels value timestamp exemplar", defaults=(None, None))


class Over(BaseException):
    """The trial's time is up; no controller catches this."""


class World:
    """One trial: parcels come evenly, each meets v1 or v2 by the split, and counters follow.

    Attributes:
        now: seconds since the trial began.
        share: of traffic that v2 gets, 0 to 1.
        settled: answers of each version once the rollout's time is up.
    """

    def __init__(self, fault: str, rng: random.Random) -> None:
        self.now, self.share = 0.0, 0.0
        self.settled: Counter[str] = Counter()
        self._fault, self._rng = fault, rng
        self._rate = RATE
        self._strength = {"tenant": rng.uniform(0.6, 0.7), "noisy-start": rng.uniform(0.2, 0.3)}.get(fault, 0.0)
        self._hurt = rng.choice(CARRIERS)
        self._noise = rng.choice(NOISE) if fault == "tenant" else 0.0
        self._order: list[str] = []
        self._sent = 0
        self._first: float | None = None
        self._news: list[tuple[float, int, str, tuple[str, ...]]] = []
        self._number = itertools.count()
        self._counts: dict[str, Counter[tuple[str, ...]]] = {"v1": Counter(), "v2": Counter()}

    def sleep(self, seconds: float) -> None:
        """Let time pass. Over at the end of the trial."""
        until = self.now + seconds
        while (due := self._sent / self._rate) <= min(until, END_S):
            self._sent += 1
            self._arrive(due)
        self.now = until
        if until > END_S:
            raise Over

    def open(self, request: urllib.request.Request | str, timeout: float = 0.0) -> Any:
        """Stands for urlopen: a change of the split, or the page of a version."""
        self.sleep(CALL_S)
        url = urlsplit(request if isinstance(request, str) else request.full_url)
        if url.path == "/runtime_modify":
            v1, v2 = (float(parse_qs(url.query)[f"split.{version}"][0]) for version in ("v1", "v2"))
            self.share = v2 / (v1 + v2)
        return Answer((url.hostname or "").encode())

    def families(self, version: str) -> list[SimpleNamespace]:
        """Stands for the parser: what the page of a version says."""
        while self._news and self._news[0][0] <= self.now:
            _, _, of, what = heapq.heappop(self._news)
            self._counts[of][what] += 1
        return [SimpleNamespace(samples=list(_samples(self._counts[version])))]

    def _arrive(self, due: float) -> None:
        self._order = self._order or self._rng.sample(CARRIERS, len(CARRIERS))
        carrier = self._order.pop()
        version = "v2" if self._rng.random() < self.share else "v1"
        status, seconds = self._fate(version, carrier, due)
        self._tell(due + seconds, version, "requests", carrier, str(status))
        self._tell(due + seconds, version, "timed", carrier, "late" if seconds > 0.25 else "fast")
        if status == 200 and self._rng.random() < SEEN:
            mark = "wrong" if self._rng.random() < WRONG[version] else "right"
            self._tell(due + seconds + FIRST_S + SPREAD_S * self._rng.random(), version, "human", carrier, mark)
        if due >= SETTLED_S:
            self.settled[version] += 1

    def _fate(self, version: str, carrier: str, due: float) -> tuple[int, float]:
        """Status, and seconds until the answer."""
        luck, seconds = self._rng.random(), behaviour.SMALLEST_S + behaviour.SPREAD_S * self._rng.random()
        status = 500 if luck < behaviour.NOISE_ERRORS else 200
        if status == 200 and luck < behaviour.NOISE_ERRORS + behaviour.NOISE_SLOW:
            seconds += behaviour.NOISE_SLOW_S
        if version == "v1":
            return status, seconds
        self._first = due if self._first is None else self._first
        if self._noise and due - self._first < behaviour.Fault.window_s:
            if self._rng.random() < self._noise:
                return 500, behaviour.SMALLEST_S
            seconds += behaviour.NOISY_UP_TO_S * self._rng.random()
        unlucky = self._rng.random() < self._strength
        if self._fault == "tenant" and carrier == self._hurt and unlucky:
            return 500, seconds
        if self._fault == "noisy-start" and due - self._first < behaviour.Fault.window_s:
            return (500, seconds) if unlucky else (status, seconds + behaviour.NOISY_UP_TO_S * self._rng.random())
        return status, seconds

    def _tell(self, at: float, version: str, *what: str) -> None:
        heapq.heappush(self._news, (at, next(self._number), version, what))


class Answer:
    """An HTTP answer."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self) -> bytes:
        return self._body

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *_: object) -> None: ...


def _samples(counts: Counter[tuple[str, ...]]) -> Iterator[Sample]:
    for (what, carrier, kind), count in counts.items():
        if what == "requests":
            yield Sample("parcel_requests_total", {"tenant": carrier, "code": kind}, count)
        elif what == "human":
            yield Sample("parcel_feedback_total", {"tenant": carrier, "source": "human", "outcome": kind}, count)
    for carrier in dict.fromkeys(key[1] for key in counts):
        fast = counts["timed", carrier, "fast"]
        of = fast + counts["timed", carrier, "late"]
        yield Sample("parcel_seconds_bucket", {"tenant": carrier, "le": "0.25"}, fast)
        yield Sample("parcel_seconds_bucket", {"tenant": carrier, "le": "+Inf"}, of)
        yield Sample("parcel_seconds_count", {"tenant": carrier}, of)


def load(folder: Path) -> list[ModuleType]:
    """The controller's modules, main first."""
    logging.disable(logging.CRITICAL)
    sys.path.insert(0, str(folder))
    return [importlib.import_module(name) for name in ("main", *sorted(path.stem for path in folder.glob("*.py")))]


def roll_out(modules: list[ModuleType], world: World) -> bool:
    """Whether v2 has at least nine parcels in ten in the end."""
    started: list[tuple[Callable[..., None], tuple[Any, ...]]] = []

    class Thread:
        """Runs when everything else waits; the last one made is the rollout's."""

        def __init__(self, target: Callable[..., None], args: tuple[Any, ...] = (), daemon: bool | None = None) -> None:
            self._run = target, args

        def start(self) -> None:
            started.append(self._run)

    class Server:
        """Starts a rollout, as the exam does, and lets its thread run."""

        def __init__(self, _: object, handler: Any) -> None:
            self._handler = handler

        def serve_forever(self) -> None:
            world.sleep(START_S)
            self._handler.rollout.start()
            run, arguments = started[-1]
            run(*arguments)
            world.sleep(END_S)

    def clock() -> float:
        return 1000.0 + world.now

    replaced = {
        "time": SimpleNamespace(time=clock, monotonic=clock, sleep=world.sleep),
        "threading": SimpleNamespace(Thread=Thread, Lock=Lock),
        "ThreadingHTTPServer": Server,
        "text_string_to_metric_families": world.families,
    }
    for module in modules:
        vars(module).update({name: instead for name, instead in replaced.items() if hasattr(module, name)})
    urllib.request.urlopen = world.open  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as data:
        os.environ.update(GATEWAY_ADMIN="http://gateway", V1_METRICS="http://v1", V2_METRICS="http://v2")
        os.environ.update(DATA_DIR=data, LISTEN="127.0.0.1:1")
        with suppress(Over):
            modules[0].main()
    return world.settled["v2"] >= 0.9 * world.settled.total()


def main() -> None:
    """Roll out so many times and print how many releases arrived."""
    folder, fault, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    modules = load(folder)
    os.fsync = lambda fd: None
    print(sum(roll_out(modules, World(fault, random.Random(f"{fault}:{n}"))) for n in range(times)))


if __name__ == "__main__":
    main()
