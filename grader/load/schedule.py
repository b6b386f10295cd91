"""When each request is due: a pure function of the phases and the seed."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

JITTER = 0.4  # of the spacing, to either side: less than half, so that order is kept


class Stretch(Protocol):
    """A phase as the generator needs it: `start` and `seconds` in seconds of trial time, `rate` per second."""

    @property
    def phase(self) -> str: ...
    @property
    def start(self) -> float: ...
    @property
    def seconds(self) -> float: ...
    @property
    def rate(self) -> float: ...


class Arrival(NamedTuple):
    """One scheduled request: due time in seconds since the trial's start, its phase, and its number from 0."""

    due: float
    phase: str
    n: int


def planned(phase: Stretch) -> int:
    """How many requests are scheduled in a phase."""
    return int(phase.rate * phase.seconds + 1e-9)


def schedule(phases: Iterable[Stretch], seed: int) -> Iterator[Arrival]:
    """All arrivals in order of due time, made as they are asked for; evenly spaced with seeded jitter."""
    rng = random.Random(f"{seed}:schedule")
    n = 0
    for phase in phases:
        for slot in range(planned(phase)):
            offset = (slot + 0.5 + rng.uniform(-JITTER, JITTER)) / phase.rate
            yield Arrival(phase.start + offset, phase.phase, n)
            n += 1


def timeline(phases: Iterable[Stretch]) -> list[dict[str, Any]]:
    """The phases as a `Traffic` is told of them: name, start and length in seconds of trial time, rate per second,
    number of the first arrival, how many there are."""
    told: list[dict[str, Any]] = []
    first = 0
    for phase in phases:
        count = planned(phase)
        known = {"phase": phase.phase, "start": phase.start, "seconds": phase.seconds, "rate": phase.rate}
        told.append({**known, "first": first, "count": count})
        first += count
    return told


def ticks(every_s: float, end: float) -> Iterator[float]:
    """Due times of an observer: 0, `every_s`, ... below `end`, in seconds of trial time."""
    n = 0
    while (due := n * every_s) < end:
        yield due
        n += 1


def request_id(seed: int, n: int) -> str:
    """The id of the n-th request, 32 hexadecimal digits; sent as the header `x-request-id`."""
    return f"{random.Random(f'{seed}:{n}').getrandbits(128):032x}"


def looks(every_s: float, end: float, phases: Sequence[Stretch], within: Collection[str]) -> Iterator[float]:
    """The ticks of an observer that looks `within` these phases alone; none named: in all."""
    return (due for due in ticks(every_s, end) if not within or phase_at(phases, due) in within)


def phase_at(phases: Sequence[Stretch], due: float) -> str:
    """Name of the phase in which a time lies; the last one's past the end, empty before the first."""
    name = ""
    for phase in phases:
        if due >= phase.start:
            name = phase.phase
    return name
