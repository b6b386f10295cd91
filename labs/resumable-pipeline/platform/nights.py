"""All nights of a seed: a few runs at a time, and how they went by ticket."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from night import Night
from plan import ASPECTS, draw, ticket
from runner import Runner
from watch import Kernel
from web import Reply

PARALLEL = 4  # as the brief says; it keeps two cores busy


class Nights:
    """The nights in hand. Those of `public_seed` begin when somebody first asks how one of them went."""

    def __init__(self, runner: Runner, folder: Path, public_seed: int) -> None:
        self._runner = runner
        self._folder = folder
        self._public = public_seed
        self._kernel = Kernel()
        self._seed: int | None = None
        self._tickets: dict[str, tuple[Night, str]] = {}
        self._begun = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self._asked: set[str] = set()
        self._told = 0
        self._public_tickets = {ticket(public_seed, p.tenant.name, a) for p in draw(public_seed) for a in ASPECTS}
        self.all: list[Night] = []

    def begin(self, seed: int) -> None:
        """Begin the nights of a seed.

        Raises:
            ValueError: others are under way.
        """
        if self._work is not None:
            raise ValueError("nights are under way already")
        self._seed = seed
        turn = asyncio.Semaphore(PARALLEL)  # in turn: all nights have their first runs, then their second
        sent: dict[str, str] = {}
        self.all = [Night(plan, self._runner, self._folder, turn, sent, self._kernel) for plan in draw(seed)]
        self._tickets = {ticket(seed, n.plan.tenant.name, a): (n, a) for n in self.all for a in ASPECTS}
        self._work = asyncio.create_task(self._run())
        self._begun.set()

    def of_run(self, run: str) -> Night | None:
        """The night that has a run of that name now."""
        return next((night for night in self.all if run in night.attempt.runs), None)

    async def outcome(self, of: str, patience_s: float) -> Reply:
        """How a night went in one respect; 503 if its faults were not all seen to act, 404 for no such ticket."""
        if of in self._public_tickets and self._work is None:
            self.begin(self._public)
        try:
            await asyncio.wait_for(self._begun.wait(), patience_s)
            if of not in self._tickets:
                return 404, {"error": "there is no such ticket"}
            self._asked.add(of)
            night, aspect = self._tickets[of]
            answer = await asyncio.wait_for(asyncio.shield(night.outcomes[aspect]), patience_s)
        except TimeoutError:
            return 504, {"error": "not known yet"}
        if not night.proven:
            return 503, {"error": "a fault was not seen to act"}
        self._told += 1
        return 200, {"answer": answer}

    def ledger(self) -> dict[str, Any]:
        """What was done to the nights, and what was seen of it."""
        kills = [night.kills for night in self.all]
        return {
            "seed": self._seed,
            "nights": len(self.all),
            "over": sum(night.state == "over" for night in self.all),
            "ordered": sum(each.ordered for each in kills),
            "seen": sum(each.seen for each in kills),
            "unseen": sum(each.unseen for each in kills),
            "escaped": sum(each.escaped for each in kills),
            "asked": len(self._asked),
            "told": self._told,
            "refused": sum(night.ledger.refused for night in self.all),
            "broken": bool(self._work and self._work.done() and not self._work.cancelled() and self._work.exception()),
        }

    async def _run(self) -> None:
        await asyncio.gather(*(night.run() for night in self.all))
