"""The auditor: trains each release nine times in surroundings of his own choice, and compares what he gets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pages
import pictures
from candidate_runs import run
from common.names import named
from judge import FILES, Audit, audit, words
from machines import TRAINERS, Order, orders, wrong
from models import plain_fit
from wards import Nights, Release

if TYPE_CHECKING:
    from casebook.world import Html, On, Picture, Plan

RUN_S, HURRIED_S, PATIENCE = 8.0, 1.5, 3
"""So long a run may take; after so many in a row that took longer, only the second."""


class World:
    """As many lanes as there are machines; in each one run after the other."""

    def __init__(self, plan: Plan[Release]) -> None:
        self.seed = plan["seed"]
        self.lanes = [plan["cases"][at :: len(TRAINERS)] for at in range(len(TRAINERS))]
        self.seen: dict[str, tuple[Nights, dict[str, Audit]]] = {}
        self._begun = time.time_ns()  # part of the names of runs: a trainer may have served another season before
        self._late = self._runs = self._witnessed = 0

    def page(self, what: str) -> Html:
        """What people look at."""
        return pages.page_of(self.seen, what)

    def pictures(self) -> Iterable[Picture]:
        """Fingerprints, and what the difference is for a ward."""
        return pictures.of(self.seen)

    def ledger(self) -> dict[str, Any]:
        """How many runs there were, and of how many it was seen where they lived."""
        return {"runs": self._runs, "witnessed": self._witnessed}

    async def play(self, lane: Sequence[Release], on: On) -> None:
        """A lane: its releases in order."""
        for case in lane:
            nights = await asyncio.to_thread(Nights, self.seed, case)
            ordered = await asyncio.to_thread(orders, self.seed, case, nights)
            audits: dict[str, Audit] = {}
            self.seen[case["id"]] = nights, audits
            for order in ordered:
                audits[order.kind] = await self._run(case, order, nights, on)
                if not audits["base"].model:
                    break
            base = audits["base"]
            if not base.model:
                on.tell_rest(case["id"], base.word, base.why)
                continue
            plain = await asyncio.to_thread(plain_fit, nights)
            for aspect, (word, note) in words(audits, nights, plain).items():
                on.tell(case["id"], aspect, word, note)

    async def _run(self, case: Release, order: Order, nights: Nights, on: On) -> Audit:
        """One run, where nobody can tell which of the nine it is."""
        done = await run(
            on, order.runner, named(self._begun, case["id"], order.kind),
            {"data": order.data, "out": order.out, "seed": order.seed},
            RUN_S if self._late < PATIENCE else HURRIED_S,
            files=order.written, collect=[f"{order.out}/{name}" for name in FILES], folder=order.folder,
            surroundings=order.surroundings,
        )  # fmt: skip
        self._late = self._late + 1 if done.signal and done.bad() else 0
        self._runs += 1
        if done.witness:
            self._witnessed += 1
            if lie := wrong(order, done.witness):
                raise RuntimeError(f"the surroundings of a run ({order.kind}) were not as ordered: {lie}")
        return audit(order, done, nights)
