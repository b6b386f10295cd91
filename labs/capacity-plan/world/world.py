"""Halden: four days of its pools in virtual time, tick by tick as the planner orders, and its packings."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pictures
from casebook.shapes import fits
from cluster import Cluster
from nodes import Packing, cut, judged
from pages import page_of
from pools import LIVE, TICKS, Pool, Season
from record import Record

if TYPE_CHECKING:
    from casebook.world import Html, On, Picture

SEASON_S, TICK_S, PACK_S = 10, 2, 5
"""How long the planner has for each answer."""

PATIENCE = 3
"""After so many late answers in a row nobody asks the planner any more, and what it ordered last stays."""


class World:
    """One lane: all pools pass a tick together. When a day is over, packings are asked for."""

    def __init__(self, plan: Season) -> None:
        self.seed = plan["seed"]
        self.pools = [Pool(plan, case) for case in plan["cases"] if "days" in case]
        self.cluster = Cluster(self.pools)
        self.records = {pool.id: Record(pool) for pool in self.pools}
        self.packings = [case for case in plan["cases"] if "nodes" in case]
        self.used: dict[str, tuple[str, int]] = {}
        self.lanes = ["season"]
        self._late = 0

    def page(self, what: str) -> Html:
        """All pools and packings, or one pool."""
        return page_of(self.records, what)

    def pictures(self) -> Iterable[Picture]:
        """Workers against demand, days, packings."""
        return pictures.of(self)

    async def play(self, lane: str, on: On) -> None:
        """The season."""
        begun = {"pools": {pool.id: told(pool) for pool in self.pools}}
        await self._ask(on, "/season", begun, {}, SEASON_S)
        for day in range(LIVE):
            silent = 0
            for tick in range(TICKS):
                self.cluster.begin()
                asked = {"day": day, "tick": tick, "pools": self._seen()}
                said = await self._ask(on, "/tick", asked, {"workers": {}}, TICK_S)
                silent += said is None
                self._pass(day, tick, said["workers"] if said else {})
            self._tell(on, day, silent > TICKS / 2)
            for case in self.packings:
                if case["day"] == day:
                    await self._pack(on, case)

    async def _ask(
        self, on: On, path: str, body: dict[str, Any], shape: dict[str, Any], answer_s: float
    ) -> dict[str, Any] | None:
        """What the planner says; None if that is nothing, or of another form."""
        if self._late >= PATIENCE:
            return None
        reply = await on.ask("planner", "POST", path, body, answer_s)
        self._late = self._late + 1 if reply.late else 0
        return None if reply.bad(shape) else reply.json

    def _seen(self) -> dict[str, Any]:
        """All pools, as they are when a tick begins."""
        now = self.cluster
        warming, cpu, gpu = now.coming.sum(axis=1), now.cpu.round(3), now.gpu.round(3)
        columns = now.arrived, now.waiting.round(1), now.ready.astype(int), warming.astype(int), cpu, gpu
        keys = "arrived", "waiting", "ready", "warming", "cpu", "gpu"
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return {pool.id: dict(zip(keys, row, strict=True)) for pool, row in zip(self.pools, rows, strict=True)}

    def _pass(self, day: int, tick: int, workers: dict[str, Any]) -> None:
        wanted = [workers.get(pool.id) for pool in self.pools]
        self.cluster.order([math.ceil(n) if n is not None and fits(n, float) else None for n in wanted])
        self.cluster.play([pool.arrivals[day - LIVE, tick] for pool in self.pools])
        for at, record in enumerate(self.records.values()):
            record.add(day, self.cluster, at)

    def _tell(self, on: On, day: int, silent: bool) -> None:
        for record in self.records.values():
            for aspect in (record.kind(day), "bill", "steady"):
                word, note = record.word(day, aspect)
                on.tell(record.pool.id, aspect, "none" if silent else word, note)

    async def _pack(self, on: On, case: Packing) -> None:
        models = cut(self.seed, case)
        asked = {"node": {"gb": case["gb"], "cores": case["cores"]}, "models": models}
        said = await self._ask(on, "/pack", asked, {"nodes": [[str]]}, PACK_S)
        word, note = judged(case, models, said["nodes"]) if said else ("none", "no answer of the form asked for")
        self.used[case["id"]] = word, sum(map(bool, said["nodes"])) if said else 0
        on.tell(case["id"], "packed", word, note)


def told(pool: Pool) -> dict[str, Any]:
    """What the planner is told of a pool when the season begins."""
    return {
        "weekday": pool.weekday,
        "gpu_s": pool.gpu_s,
        "cpu_s": pool.cpu_s,
        "warm_up": pool.warm_up,
        "calendar": pool.calendar,
        "arrivals": pool.arrivals[:-LIVE].tolist(),
    }
