"""When things happen: episodes on a calendar of steps, never at the same time, and never too close together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Starts = NDArray[np.int64]
Mask = NDArray[np.bool_]

TRIES = 1_000


class NoRoom(ValueError):
    """The episodes do not fit on the calendar. One sentence."""


def spread(
    rng: np.random.Generator,
    lengths: Sequence[int],
    span: int,
    apart: int,
    before: int = 0,
    after: int = 0,
    fits: Callable[[Starts], bool] | None = None,
) -> Starts:
    """Where each of some episodes begins: in any order, each way to place them as likely as any other.

    Args:
        lengths: of each episode, in steps.
        span: steps of the calendar.
        apart: at least so many steps lie between the end of one and the beginning of the next.
        before, after: so many steps at the beginning and at the end of the calendar stay empty.
        fits: what else they must be; others are thrown away, and drawn again.

    Returns:
        The first step of each, in the order of `lengths`.

    Raises:
        NoRoom: there is not so much room, or nothing fitted in a thousand tries.
    """
    sizes = np.asarray(lengths, np.int64)
    free = span - before - after - int(sizes.sum()) - apart * max(0, len(sizes) - 1)
    if free < 0:
        raise NoRoom(f"{len(sizes)} episodes need {-free} steps more than the {span} there are")
    for _ in range(TRIES):
        order = rng.permutation(len(sizes))
        gaps = np.sort(rng.choice(free + len(sizes), len(sizes), replace=False)) - np.arange(len(sizes))
        taken = np.cumsum(sizes[order] + apart) - sizes[order] - apart
        starts = np.empty(len(sizes), np.int64)
        starts[order] = before + gaps + taken
        if fits is None or fits(starts):
            return starts
    raise NoRoom(f"nothing fitted in {TRIES} tries")


def during(span: int, starts: Sequence[int] | Starts, lengths: Sequence[int], around: int = 0) -> Mask:
    """Which steps of a calendar lie in an episode, or at most `around` steps before or after one."""
    edges = np.zeros(span + 1, np.int64)
    for start, length in zip(starts, lengths, strict=True):
        edges[max(0, min(span, start - around))] += 1
        edges[max(0, min(span, start + length + around))] -= 1
    return np.cumsum(edges[:-1]) > 0


def runs(mask: Mask) -> list[tuple[int, int]]:
    """First step, and step after the last, of each run of steps that are true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
