"""Calendars and budgets, against loops that are slow and plain."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from weeks.budget import burn, first, held, spent, trailing
from weeks.episodes import NoRoom, during, runs, spread

Rows = list[list[int]]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20261129)


@pytest.fixture
def counts(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Bad and all events of three services, with steps in which nothing came."""
    total = rng.poisson(4, (3, 200)) * rng.integers(0, 2, (3, 200))
    return rng.binomial(total, 0.3), total


def windows(row: list[int], window: int) -> list[list[int]]:
    return [row[max(0, at - window + 1) : at + 1] for at in range(len(row))]


@pytest.mark.parametrize("window", [1, 7, 199, 200, 1000])
def test_a_window_has_the_last_steps_and_fewer_at_the_beginning(
    counts: tuple[np.ndarray, np.ndarray], window: int
) -> None:
    bad, total = counts
    for service in range(3):
        lasting = [sum(steps) for steps in windows(total[service].tolist(), window)]
        failed = [sum(steps) for steps in windows(bad[service].tolist(), window)]
        rates = [part / all_ / 0.005 if all_ else 0.0 for part, all_ in zip(failed, lasting, strict=True)]
        assert trailing(total, window)[service].tolist() == lasting
        assert burn(bad, total, window, 0.995)[service] == pytest.approx(rates)


def test_a_window_has_at_least_one_step() -> None:
    with pytest.raises(ValueError, match="at least one step"):
        trailing([1, 2], 0)


def test_at_burn_rate_one_the_budget_is_spent_when_its_time_is_over(rng: np.random.Generator) -> None:
    total = np.full(1000, 200)
    bad = np.full(1000, 1)

    gone = spent(bad, total, 0.995)

    assert burn(bad, total, 60, 0.995) == pytest.approx(np.ones(1000))
    assert gone[[0, 499, 999]] == pytest.approx([0.001, 0.5, 1.0])
    assert spent(bad * 3, total, 0.995)[-1] == pytest.approx(3)
    assert spent(np.zeros(5), np.zeros(5), 0.995).tolist() == [0] * 5


@pytest.mark.parametrize("steps", [0, 1, 2, 5])
def test_held_is_true_without_a_break(rng: np.random.Generator, steps: int) -> None:
    true = rng.random(300) < 0.7
    wanted, since = [], 0
    for each in true:
        since = since + 1 if each else 0
        wanted.append(since >= max(1, steps))
    assert held(true, steps).tolist() == wanted


def test_first_is_the_moment_or_none() -> None:
    true = np.array([True, False, False, True])
    assert (first(true), first(true, 1), first(true[:3], 1)) == (0, 3, None)


@pytest.mark.parametrize(("span", "before", "after"), [(100, 0, 0), (100, 10, 5), (64, 5, 5)])
def test_episodes_keep_their_distance_and_stay_inside(
    rng: np.random.Generator, span: int, before: int, after: int
) -> None:
    lengths = [20, 1, 13, 5]
    for _ in range(200):
        starts = spread(rng, lengths, span, 5, before, after)
        placed = sorted((int(start), int(start) + length) for start, length in zip(starts, lengths, strict=True))
        assert placed[0][0] >= before and placed[-1][1] <= span - after
        assert all(begin - end >= 5 for (_, end), (begin, _) in zip(placed, placed[1:], strict=False))


def test_each_way_to_place_them_is_as_likely(rng: np.random.Generator) -> None:
    seen = Counter(tuple(spread(rng, [1, 2], 6, 1).tolist()) for _ in range(12_000))

    ways = {(a, b) for a in range(6) for b in range(5) if b - a >= 2 or a - b >= 3}
    assert set(seen) == ways
    assert max(seen.values()) / min(seen.values()) < 1.25


def test_what_does_not_fit_is_drawn_again(rng: np.random.Generator) -> None:
    placed = [spread(rng, [1, 1], 10, 0, fits=lambda at: bool(at[0] < at[1])).tolist() for _ in range(50)]

    assert placed == [sorted(starts) for starts in placed]
    assert len({tuple(starts) for starts in placed}) > 10


def test_no_room(rng: np.random.Generator) -> None:
    with pytest.raises(NoRoom, match="need 1 steps more than the 9"):
        spread(rng, [4, 4], 9, 2)
    assert spread(rng, [4, 4], 10, 2).tolist() in ([0, 6], [6, 0])
    assert spread(rng, [], 9, 2).tolist() == []
    with pytest.raises(NoRoom, match="1000 tries"):
        spread(rng, [1], 9, 0, fits=lambda starts: False)


def test_during_and_runs_say_the_same(rng: np.random.Generator) -> None:
    starts, lengths = spread(rng, [3, 8, 2], 60, 4), [3, 8, 2]

    mask = during(60, starts, lengths)

    assert runs(mask) == sorted((int(at), int(at) + length) for at, length in zip(starts, lengths, strict=True))
    near = during(60, starts, lengths, around=2)
    assert near.tolist() == [bool(mask[max(0, at - 2) : at + 3].any()) for at in range(60)]
    assert runs(near)[0][0] == max(0, runs(mask)[0][0] - 2)
    assert runs(np.zeros(4, bool)) == [] and runs(np.ones(4, bool)) == [(0, 4)]
