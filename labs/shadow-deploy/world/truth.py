"""What is true of a claim, and whether a version is right about it: hashes under a key. The exam knows them too."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import TypedDict

from common.names import named

HARD, SIMPLE = "hard", "simple"
DECISIONS = ("fast", "adjuster")
HARD_SHARE, FAST_SHARE = 0.3, 0.6


class Quality(TypedDict):
    """How often a version is right (0 to 1): on simple claims, on hard ones, and in regions that are otherwise."""

    simple: float
    hard: float
    regions: dict[str, float]


WELL: dict[str, Quality] = {
    "v1": {"simple": 0.90, "hard": 0.66, "regions": {}},
    "v2": {"simple": 0.96, "hard": 0.82, "regions": {}},
}


def level(key: str, id: str) -> str:
    """Whether a claim is simple or hard. Nothing else in it tells."""
    return HARD if _draw(key, id, "level") < HARD_SHARE else SIMPLE


def truth(key: str, id: str) -> str:
    """What an adjuster will find that it should have been."""
    return DECISIONS[_draw(key, id, "truth") >= FAST_SHARE]


def decision(key: str, id: str, version: str, region: str, quality: Quality) -> str:
    """What a version decides of a claim."""
    rate = quality["regions"].get(region, quality["hard"] if level(key, id) == HARD else quality["simple"])
    true = truth(key, id)
    return true if _draw(key, id, version) < rate else other(true)


def other(decided: str) -> str:
    """The other decision."""
    return DECISIONS[decided == DECISIONS[0]]


def id_of(key: str, n: int, wanted: str) -> str:
    """The id of the n-th claim, which is to be simple or hard. Only who has the key can tell it from any other text."""
    for attempt in count():
        name = named(key, "claim", n, attempt, size=4)
        id = name + named(key, "real", name, size=4)
        if level(key, id) == wanted:
            return id
    raise AssertionError


def real(key: str, id: str) -> bool:
    """Whether somebody claims under this id."""
    return len(id) == 16 and id[8:] == named(key, "real", id[:8], size=4)


def _draw(key: str, id: str, what: str) -> float:
    digest = hashlib.blake2b(f"{key}:{id}:{what}".encode("utf-8", "backslashreplace"), digest_size=6).digest()
    return int.from_bytes(digest, "big") / 2**48
