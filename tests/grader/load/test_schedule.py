from __future__ import annotations

import itertools
from dataclasses import dataclass

from grader.load.schedule import looks, phase_at, planned, request_id, schedule, ticks


@dataclass(frozen=True)
class Phase:
    phase: str
    start: float
    seconds: float
    rate: float


PHASES = [Phase("calm", 0, 2, 50), Phase("quiet", 2, 1, 0), Phase("rush", 3, 0.1, 300)]


def test_the_same_seed_gives_the_same_schedule_and_another_seed_another() -> None:
    assert list(schedule(PHASES, 1)) == list(schedule(PHASES, 1))
    assert [a.due for a in schedule(PHASES, 1)] != [a.due for a in schedule(PHASES, 2)]


def test_counts_are_known_beforehand_and_every_arrival_lies_in_its_phase_in_order() -> None:
    arrivals = list(schedule(PHASES, 7))

    assert [planned(phase) for phase in PHASES] == [100, 0, 30]
    assert [a.n for a in arrivals] == list(range(130))
    assert all(a.due < b.due for a, b in itertools.pairwise(arrivals))
    for phase in PHASES:
        inside = [a for a in arrivals if phase.start <= a.due < phase.start + phase.seconds]
        assert [a.phase for a in inside] == [phase.phase] * planned(phase)


def test_jitter_keeps_each_arrival_within_its_slot() -> None:
    offsets = [a.due * 50 - a.n for a in itertools.islice(schedule(PHASES, 3), 100)]

    assert min(offsets) >= 0.1 - 1e-9 and max(offsets) <= 0.9 + 1e-9
    assert max(offsets) - min(offsets) > 0.6


def test_a_day_of_background_traffic_is_made_lazily() -> None:
    arrivals = schedule([Phase("day", 0, 86_400, 2000)], 1)

    assert next(arrivals).n == 0


def test_request_ids_are_drawn_from_seed_and_number() -> None:
    ids = {request_id(seed, n) for seed in (1, 2) for n in range(100)}

    assert len(ids) == 200 and all(len(id) == 32 for id in ids)
    assert request_id(1, 5) == request_id(1, 5)


def test_ticks_do_not_drift_and_end_before_the_end() -> None:
    assert list(ticks(0.1, 0.5)) == [0.0, 0.1, 0.2, 0.30000000000000004, 0.4]


def test_phase_of_a_time() -> None:
    assert [phase_at(PHASES, t) for t in (0.0, 1.99, 2.5, 3.05, 99)] == ["calm", "calm", "quiet", "rush", "rush"]


def test_an_observer_looks_in_the_phases_that_it_names_alone() -> None:
    ticked = list(ticks(0.5, 3.1))

    assert list(looks(0.5, 3.1, PHASES, ())) == ticked
    assert list(looks(0.5, 3.1, PHASES, ("quiet", "rush"))) == [2.0, 2.5, 3.0]
