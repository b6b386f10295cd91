"""A cell's machines: what they say of themselves, who answers an echo, and how a row fares on its way to a replica."""

from __future__ import annotations

from collections.abc import Collection
from random import Random
from statistics import median
from typing import Any

Row = dict[str, Any]
"""By name, numbers and words of a container or a node. A feature may be None."""

ROLES = {"gateway": 1, "replica": 3, "store": 2}
"""Nodes of each role. So few that a doctor who leaves one out of account is wrong too often."""

ECHO_MS = {"gateway": (0.8, 3.0), "replica": (1.45, 1.55), "store": (1.2, 3.0)}
USERS = (1.03, 1.15)
"""How many times longer than on the bench a row takes where users are, on an ordinary day."""

SURGE = (1.25, 1.4)
BACKGROUND = 0.005
"""The share of everything that fails for no reason."""


class Machines:
    """The nodes of a cell and their faults: `lossy-hop`, `slow-replica`, `store-drops`, `throttled`."""

    def __init__(self, rng: Random, noise: Random, faults: Collection[str]) -> None:
        self._noise = noise
        self.nodes: list[Row] = [
            {"name": _name(rng), "role": role, "echo_ms": rng.uniform(*ECHO_MS[role])}
            for role, count in ROLES.items()
            for _ in range(count)
        ]
        rng.shuffle(self.nodes)
        self._by_name = {node["name"]: node for node in self.nodes}
        self._replicas, self._stores, [self._gateway] = map(self._of, ("replica", "store", "gateway"))
        self._loss, self._slow = dict[str, float](), dict[str, float]()
        self._throttle = strength(rng, 1.8, 3.5, 15) if "throttled" in faults else 1.0
        self._users = rng.uniform(*(SURGE if "surge" in faults else USERS))
        if "lossy-hop" in faults:
            hop = rng.choice([self._gateway, rng.choice(self._replicas)])
            self._loss[hop["name"]] = strength(rng, 0.3, 0.5, 0.8)
        if "store-drops" in faults:
            self._loss[rng.choice(self._stores)["name"]] = strength(rng, 0.3, 0.5, 0.8)
        if "slow-replica" in faults:
            self._slow[rng.choice(self._replicas)["name"]] = strength(rng, 5, 7, 30)
        self._told = self._tell(rng)

    def told(self) -> list[Row]:
        """What the nodes' own agents say. One of them always looks alarming, whatever is wrong."""
        return self._told

    def echo(self, hop: str, count: int) -> Row:
        """Echoes of one hop: how many were lost, and how long the others took."""
        node = self._by_name.get(hop)
        if node is None:
            raise ValueError(f"hop: there is no node {hop!r}")
        took = [self._echo_ms(node) for _ in range(count) if not self._lost(node)]
        return {"sent": count, "lost": count - len(took), "median_ms": round(median(took), 2) if took else None}

    def carry(self, compute_ms: float) -> float | None:
        """A row's way past gateway and replica: the milliseconds it took there, or None if it did not come back."""
        replica = self._noise.choice(self._replicas)
        if self._noise.random() < BACKGROUND or self._dropped(self._gateway) or self._dropped(replica):
            return None
        factor = max(self._users, self._throttle) * self._slow.get(replica["name"], 1.0)
        return compute_ms * factor

    def reads(self, entity: str) -> bool:
        """Whether the store answers when an entity is read. Each lies on one of its nodes."""
        return not self._lost(self._stores[sum(entity.encode()) % len(self._stores)])

    def restart(self) -> None:
        """All processes are new: what a machine had done to them is gone. Wires and disks are as they were."""
        self._slow, self._throttle = {}, 1.0

    def _tell(self, rng: Random) -> list[Row]:
        told: list[Row] = [
            {
                "name": node["name"], "role": node["role"], "status": "green", "cpu": round(rng.uniform(0.2, 0.6), 2),
                "restarts_today": rng.randint(0, 1), "drops_per_minute": round(rng.uniform(0, 0.4), 1),
            }
            for node in self.nodes
        ]  # fmt: skip
        alarms: list[Row] = [{"cpu": 0.97}, {"restarts_today": rng.randint(6, 14)}, {"drops_per_minute": 31.0}]
        alarming = rng.choice(alarms)
        rng.choice(told).update(alarming, status="red")
        return told

    def _of(self, role: str) -> list[Row]:
        return [node for node in self.nodes if node["role"] == role]

    def _lost(self, node: Row) -> bool:
        return self._noise.random() < BACKGROUND or self._dropped(node)

    def _dropped(self, node: Row) -> bool:
        return self._noise.random() < self._loss.get(node["name"], 0.0)

    def _echo_ms(self, node: Row) -> float:
        usual: float = node["echo_ms"]
        return usual * self._slow.get(node["name"], 1.0) * self._noise.lognormvariate(0, 0.15)


def strength(rng: Random, least: float, most: float, worst: float) -> float:
    """How strong a fault is: in half of the cells hardly more than the brief's least, in a fifth the worst."""
    drawn = rng.random()
    return worst if drawn > 0.8 else least + (most - least) * drawn**4


def _name(rng: Random) -> str:
    return f"{rng.choice('bdfhkmprtw')}{rng.randrange(16**4):04x}"
