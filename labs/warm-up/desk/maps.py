"""Which letters each index holds: three places at which the alphabet is cut, and pairs of them for a night."""

from __future__ import annotations

import random
from bisect import bisect_right

NAMES = ("amber", "blue", "coral", "dune")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LAUNCH = (6, 12, 18)
"""As the router believes them to be."""
TONIGHT = (4, 9, 17)
"""What the lab begins with."""
LEAST, MOST = 3, 11
"""Letters of an index."""
STRANGE, MOVED = 6, 11
"""How many letters another map at least has elsewhere: than `LAUNCH` and `TONIGHT`, and after a rebuild than before."""

Cuts = tuple[int, ...]


def holder(cuts: Cuts, letter: str) -> str:
    """The index that holds a letter."""
    return NAMES[bisect_right(cuts, LETTERS.index(letter))]


def apart(one: Cuts, other: Cuts) -> int:
    """How many letters two maps have in different indexes."""
    return sum(holder(one, letter) != holder(other, letter) for letter in LETTERS)


def told(cuts: Cuts) -> dict[str, str]:
    """A map as users may read it: `A-D` by index."""
    ends = (0, *cuts, len(LETTERS))
    return {name: f"{LETTERS[ends[at]]}-{LETTERS[ends[at + 1] - 1]}" for at, name in enumerate(NAMES)}


def night(seed: int) -> tuple[Cuts, Cuts]:
    """Two maps of a night, before and after its rebuild, both unlike those that are known."""
    rng = random.Random(f"indexes:{seed}")
    before = _strange(rng)
    after = _strange(rng)
    while apart(before, after) < MOVED:
        after = _strange(rng)
    return before, after


def _strange(rng: random.Random) -> Cuts:
    while True:
        cuts = tuple(sorted(rng.sample(range(LEAST, len(LETTERS) - LEAST + 1), len(NAMES) - 1)))
        ends = (0, *cuts, len(LETTERS))
        sizes = [high - low for low, high in zip(ends, ends[1:], strict=False)]
        if min(sizes) >= LEAST and max(sizes) <= MOST and min(apart(cuts, LAUNCH), apart(cuts, TONIGHT)) >= STRANGE:
            return cuts
