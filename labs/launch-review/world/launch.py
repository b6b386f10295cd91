"""A launch's terms, and the names and numbers that are drawn for it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from common.names import generator
from kinds import Launch

Columns = dict[str, Any]
"""A table: names, and lists or arrays of one length."""


@dataclass(frozen=True)
class Terms:
    """What is asked and what the policy wants, for one launch: the row of table `launch`."""

    model: str
    old_model: str
    launch_day: datetime.datetime
    event_day: datetime.datetime
    event_factor: float
    replicas: int
    headroom: float
    slo_errors: float
    slo_slow: float
    off_minutes: int
    least_orders: int
    least_share: float
    limit_quality: float
    limit_segment: float
    limit_cost: float
    limit_rollback_s: int
    rollback_days: int
    slo_bad: float
    limit_budget: float
    budget_part: float
    assumed_loss: float
    least_seen: int
    most_hours: int


BIRDS = (
    "auk", "avocet", "bittern", "booby", "brambling", "bunting", "chough", "coot", "crake", "curlew", "dipper",
    "dunnock", "egret", "eider", "fieldfare", "fulmar", "gadwall", "garganey", "godwit", "goldeneye", "goosander",
    "grebe", "harrier", "hobby", "hoopoe", "ibis", "jackdaw", "kestrel", "kite", "knot", "lapwing", "merlin",
    "nightjar", "nuthatch", "oriole", "osprey", "petrel", "pintail", "pipit", "plover", "pochard", "puffin", "quail",
    "redstart", "redwing", "ruff", "sanderling", "scoter", "serin", "shag", "shearwater", "shrike", "siskin", "skua",
    "smew", "snipe", "stint", "stonechat", "swift", "teal", "tern", "turnstone", "twite", "wheatear",
)  # fmt: skip
PLACES = (
    "airport", "bay", "bridges", "campus", "canal", "castle", "docks", "east", "fair", "forest", "gardens", "harbour",
    "heath", "hills", "island", "lakes", "market", "meadows", "mills", "north", "old-town", "park", "quarry",
    "south", "station", "suburbs", "terraces", "towers", "university", "valley", "west", "wharf", "woods",
)  # fmt: skip


USUAL, HARD = (0.09, 0.13), (0.24, 0.30)
"""Shares of orders that the old model has wrong: in most segments, and in those where it has always been hard."""


def before(rng: Random) -> float:
    """The old model's share of wrong orders in a segment: no fixed share tells a segment that has become worse."""
    return rng.uniform(*rng.choice((USUAL, USUAL, HARD)))


def drawn(seed: int, case: Launch, *what: int | str) -> Random:
    """A generator for one thing of a launch."""
    return generator(seed, case["id"], *what)


def arrays(rng: Random) -> np.random.Generator:
    """The same for many numbers at once."""
    return np.random.default_rng(rng.getrandbits(128))


def beyond(rng: Random, limit: float, holds: bool) -> float:
    """A figure on its side of a limit that it should not pass: at about twice of it, or about half."""
    return limit * (rng.uniform(1.7, 2.3) if holds else rng.uniform(0.35, 0.6))
