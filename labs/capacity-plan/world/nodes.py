"""Packings: full nodes, cut into models; and whether a plan of nodes is sound."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import TypedDict, final

from casebook.plan import Case

FULL = 0.93, 0.98
"""How full a node is, of memory and of cores."""

PIECES = 2, 4
TWIN, THIRD = 3, 0.4
"""On each third node one model is a second replica of one of the node before; of these models so many have a third
replica, on the node after."""

MORE = 1.1
"""So many times the nodes that suffice are forgiven."""


@final
class Packing(Case):
    """Nodes of one size that suffice, and after which day they are asked for."""

    day: int
    nodes: int
    gb: int
    cores: int


class Replica(TypedDict):
    """As it is sent."""

    replica: str
    model: str
    gb: float
    cores: float


def cut(seed: int, case: Packing) -> list[Replica]:
    """The models of a packing, shuffled: `case["nodes"]` nodes of its `gb` and `cores` suffice for them."""
    rng = random.Random(f"{seed}:{case['id']}")
    pieces: list[tuple[str, float, float]] = []
    for node in range(case["nodes"]):
        gb, cores = case["gb"] * rng.uniform(*FULL), case["cores"] * rng.uniform(*FULL)
        second, third = node % TWIN == TWIN - 1, node % TWIN == 0 and node > 0 and rng.random() < THIRD
        again = [pieces[-1]] if second or third else []
        for _, a, b in again:
            gb, cores = gb - a, cores - b
        count = rng.randint(*PIECES) - len(again)
        heavy = [rng.uniform(0.15, 0.85) for _ in range(count)]  # on memory; what is not is heavy on cores
        memory, rest = shares(rng, gb, heavy), shares(rng, cores, [1 - each for each in heavy])
        pieces += [(f"{rng.getrandbits(32):08x}", a, b) for a, b in zip(memory, rest, strict=True)] + again
    rng.shuffle(pieces)
    return [{"replica": f"r{at}", "model": name, "gb": a, "cores": b} for at, (name, a, b) in enumerate(pieces)]


def shares(rng: random.Random, whole: float, weights: Sequence[float]) -> list[float]:
    """A whole, cut in proportion to weights, more or less; rounded down to tenths."""
    drawn = [weight * rng.uniform(0.7, 1.3) for weight in weights]
    return [math.floor(10 * whole * each / sum(drawn)) / 10 for each in drawn]


def judged(case: Packing, models: Sequence[Replica], nodes: Sequence[Sequence[str]]) -> tuple[str, str]:
    """The word for a plan, a list of nodes that are lists of replicas, and why."""
    by_id = {each["replica"]: each for each in models}
    placed = [replica for node in nodes for replica in node]
    if sorted(placed) != sorted(by_id):
        return "malformed", "not each replica once"
    for held in ([by_id[replica] for replica in node] for node in nodes):
        if any(sum(each[what] for each in held) > case[what] + 1e-6 for what in ("gb", "cores")):
            return "overfull", "a node has less than its models need"
        if len({each["model"] for each in held}) < len(held):
            return "together", "a node has two replicas of one model"
    used = sum(map(bool, nodes))
    word = "right" if used <= MORE * case["nodes"] else "wasteful"
    return word, f"{used} nodes, {case['nodes']} suffice"
