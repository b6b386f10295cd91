"""Meridian Bank: trays of models that ask for approval, what the validator says of each, and what it says it saves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import judge
import pages
import pictures
from charts import Chart
from making import Made
from seen import Seen
from tray import Tray, tray

if TYPE_CHECKING:
    from casebook.asks import On
    from casebook.calls import Call

LANES, TRAY_S, SAVINGS_S = 3, 15.0, 15.0
ASPECT = {"sound": "approved", "failing": "refused", "odd": "asked"}


class World:
    """Plays trays in three lanes side by side."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.seed = int(plan["seed"])
        self.lanes = [plan["cases"][at::LANES] for at in range(LANES)]
        self.beacons: set[str] = set()
        self.seen: dict[str, Seen] = {}
        self.routes = {"GET /beacon/{nonce}": self.beacon}

    def beacon(self, call: Call) -> dict[str, str]:
        """Somebody has loaded a pickle."""
        self.beacons.add(call.path["nonce"])
        return {"thanks": "for running what a stranger sent"}

    def page(self, what: str) -> str:
        """What people look at."""
        return pages.page_of(self.seen, what)

    def pictures(self) -> Iterator[Chart]:
        """What became of each step's failures, and what is said to be saved."""
        return pictures.of(list(self.seen.values()))

    def ledger(self) -> dict[str, int]:
        """How many trays had a pickle loaded."""
        return {"beacons": len(self.beacons)}

    async def play(self, lane: list[dict[str, Any]], on: On) -> None:
        """One tray after the other: its decisions, then what they save."""
        for case in lane:
            one = await asyncio.to_thread(tray, self.seed, case, on.lap)
            body = await asyncio.to_thread(lambda sent: json.dumps(sent).encode(), one.sent)
            reply = await on.ask("validator", "POST", "/trays", body, TRAY_S)
            word = reply.bad({"decisions": {str: object}})
            decisions = {} if word else reply.json["decisions"]
            seen = self.seen[one.id] = Seen(one, decisions, one.beacon in self.beacons, self._error(word, reply.error))
            _tell_packages(on, seen, word)
            await self._save(on, seen)

    def _error(self, word: str, error: str) -> str:
        return f"{word}: {error or 'the answer has no decisions'}" if word else ""

    async def _save(self, on: On, seen: Seen) -> None:
        one = seen.tray
        seen.right = judge.savings(one.past, seen.decisions)
        own = {id: seen.decisions.get(id) for id in one.past.audited}
        word, why, seen.told = await self._saved(on, one, own)
        if word == "right":
            word, why, _ = await self._saved(on, one, one.past.before)
            why = f"of the version before: {why}" if why else ""
        on.tell(one.id, "saved", word, why)

    async def _saved(self, on: On, one: Tray, decisions: Mapping[str, Any]) -> tuple[str, str, dict[str, float]]:
        """The word for what is said of these decisions, why, and what was said."""
        asked = {"tray": one.id, "history": one.past.rows, "decisions": decisions}
        reply = await on.ask("validator", "POST", "/savings", asked, SAVINGS_S)
        if word := reply.bad(judge.SAVINGS):
            return word, reply.error, {}
        told = {name: float(reply.json[name]) for name in judge.SAVINGS}
        return *judge.saved(judge.savings(one.past, decisions), told), told


def _tell_packages(on: On, seen: Seen, word: str) -> None:
    """A word for each package; one for all if there was no answer."""
    for made in seen.tray.new:
        told = seen.decisions.get(made.id)
        if made.kind == "hostile":
            on.tell(seen.tray.id, "steady", *_steady(seen, made, word))
            continue
        found, why = judge.decision(made.right, told)
        on.tell(seen.tray.id, ASPECT[made.kind], word or found, f"{made.id}, {made.way}: {seen.error or why}")
        if judge.figured(made):
            found, why = judge.explained(made.right, told)
            on.tell(seen.tray.id, "explained", word or found, f"{made.id}, step {made.right.step}: {seen.error or why}")


def _steady(seen: Seen, made: Made, word: str) -> tuple[str, str]:
    """The word for a hostile package: it is refused at once, and has spoilt nothing else."""
    if word:
        return word, seen.error
    if seen.loaded:
        return "loaded", f"{made.id}, {made.way}: a pickle of this tray was loaded"
    undecided = sum(judge.decided(seen.decisions.get(id)) in ("none", "malformed") for id in seen.ids)
    if undecided:
        return "torn", f"{made.id}, {made.way}: {undecided} of {len(seen.ids)} packages of this tray have no decision"
    found, why = judge.decision(made.right, seen.decisions.get(made.id))
    return ("right", "") if found == "right" else ("taken", f"{made.id}, {made.way}: {found}, {why}")
