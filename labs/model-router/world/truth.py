"""Whether an answer is right: a hash of ticket, model and version under a key, against a rate. load.py knows it too."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from common.names import generator, named

Rates = dict[str, dict[str, float]]
WORSE_MID = (0.05, 0.2)  # of a version of `base` that is worse
WORSE_MOVED = (0.28, 0.38)  # of `base`, on what a worse policy moves: a third of the thumbs are up, and they come first


def rates(seed: int | str, moved: str) -> Rates:
    """Shares of right answers by topic and model. `moved` is `mid` or `hard`: what the topic `moved` is like."""
    rng = generator(seed, "rates")

    def about(least: float, most: float) -> float:
        return round(rng.uniform(least, most), 3)

    def row(kind: str) -> dict[str, float]:
        good = about(0.985, 0.995)
        if kind == "light":
            return {"mini": good, "base": good, "max": good}
        if kind == "mid":
            return {"mini": about(0.3, 0.4), "base": good, "max": good}
        return {"mini": about(0.05, 0.15), "base": about(0.2, 0.35), "max": good}

    kinds = {"light": "light", "mid": "mid", "hard": "hard", "moved": moved}
    found = {topic: row(kind) for topic, kind in kinds.items()} | {"worse": {"base": about(*WORSE_MID)}}
    if moved == "hard":
        found["moved"]["base"] = about(*WORSE_MOVED)
    return found


def right(key: str, ticket: str, topic: str, model: str, version: str, known: Rates, worse: Collection[str]) -> bool:
    """Whether this answer is. `worse`: versions of `base` that fail at most questions of the topic `mid`."""
    spoilt = topic == "mid" and model == "base" and version in worse
    rate = known["worse" if spoilt else topic][model]
    digest = hashlib.blake2b(f"{key}:{ticket}:{model}:{version}".encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big") / 2**48 < rate


def ticket_of(key: str, n: int) -> str:
    """The ticket of the n-th question. Only who has the key can tell it from any other text."""
    name = named(key, "question", n, size=4)
    return name + named(key, "real", name, size=4)


def real(key: str, ticket: str) -> bool:
    """Whether somebody asks under this ticket."""
    return len(ticket) == 16 and ticket[8:] == named(key, "real", ticket[:8], size=4)
