"""The Millgate Grain Exchange: suppliers who send readings and batches, the model, its archive, and the vault."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import judge
import numpy as np
import pages
import pictures
from casebook.world import Absent, Call, Handler, Html, On, Picture, Plan, Reply
from cases import Case, Planned, Sent
from grain import BANDS
from market import REGISTERED, Market, markets
from model import GRADES
from starlette.responses import Response
from vault import Vault

ANSWERS_S, RECORDS_S = 6.0, 1.0
FIRST, FIRST_S = 10, 30.0
"""So many answers about a commodity may take longer: a guard that learns from the archive first works for seconds."""
LIFTED = ("forged", "tampered")
MAY_WAIT, SOME = 0.1, 3
"""So large a share of proper readings after what was no reading may be held up, and so many in any case."""
PATIENCE_S = 60.0
"""After so long without an answer in time, a lane asks no further."""


def seen_as(row: Sequence[Any]) -> list[float]:
    """Forty numbers, whatever came."""
    known = [min(max(float(band), -100.0), 100.0) for band in row[:BANDS]]
    return known + [0.0] * (BANDS - len(known))


class World:
    """Plays four commodities side by side; each a lane."""

    def __init__(self, plan: Plan[Planned]) -> None:
        self.markets = self.lanes = markets(plan)
        self.vault = Vault()
        self.seen, self.became = dict[str, Case](), dict[str, list[str]]()
        self.words: dict[str, Counter[str]] = defaultdict(Counter)
        self._next_ones = self._held_up = 0
        self._by_name = {market.name: market for market in self.markets}
        self._archives = {market.name: market.archive() for market in self.markets}
        self.routes: dict[str, Handler] = {
            "GET /archive/{commodity}": self.archive,
            "GET /suppliers/{commodity}": self.registered,
            "POST /model/grade": lambda call: self.graded(call.json["commodity"], [call.json["bands"]])[0],
            "POST /model/grades": lambda call: {"grades": self.graded(call.json["commodity"], call.json["rows"])},
            "POST /records": self.vault.take,
        }

    def page(self, what: str) -> Html:
        """What people look at."""
        return pages.page_of(self, what)

    def pictures(self) -> Iterator[Picture]:
        """What became of each kind of thing that was sent, and two readings that were made to please."""
        return pictures.of(self)

    def ledger(self) -> dict[str, int]:
        """How much is in the vault."""
        return {"records": len(self.vault.records)}

    def archive(self, call: Call) -> Any:
        """The archive of a commodity."""
        return Response(self._archives[self.market(call.path["commodity"]).name], media_type="application/json")

    def registered(self, call: Call) -> dict[str, list[str]]:
        """Suppliers who put themselves on the list."""
        return {"registered": self.market(call.path["commodity"]).suppliers[:REGISTERED]}

    def graded(self, commodity: str, rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """What the model says of each row, whatever it is."""
        bands = np.array([seen_as(row) for row in rows]).reshape(-1, BANDS)
        shares = self.market(commodity).grain.model.shares(bands)
        return [{"grade": GRADES[row.argmax()], "confidence": round(float(row.max()), 4)} for row in shares]

    def market(self, commodity: str) -> Market:
        """The market of that name; Absent if there is none."""
        if commodity not in self._by_name:
            raise Absent("there is no such commodity")
        return self._by_name[commodity]

    async def play(self, market: Market, on: On) -> None:
        """Everything that is sent about a commodity; then what was recorded of it."""
        made, became, late_s = dict[int, Case](), dict[int, list[str]](), 0.0
        for n, at in enumerate(market.steps):
            planned = market.cases[at]
            if at not in made:
                made[at] = self.seen[planned["id"]] = market.office.case(planned, on.lap)
                became[at] = self.became[planned["id"]] = []
                secrets = made[at].secrets
                self.vault.accounts.update(part for one in secrets for part in judge.parts(one, judge.ANYS))
            limit_s = FIRST_S if n < FIRST else ANSWERS_S
            late_s = late_s + limit_s if await self._send(on, made[at], became[at], limit_s) else 0.0
            if late_s >= PATIENCE_S:
                break
        await asyncio.sleep(RECORDS_S)
        for at, planned in enumerate(market.cases):
            case = made.get(at)
            if case is not None and len(became[at]) == len(case.sent) and planned["asked"].get("recorded"):
                self._tell(on, case.id, "recorded", *judge.recorded(case, became[at], self.vault))
            on.tell_rest(planned["id"], "none", "the guard was not asked any more: it did not answer in time")

    async def _send(self, on: On, case: Case, became: list[str], limit_s: float) -> bool:
        """Send the next body of a case, tell what came of it; whether the answer was late."""
        sent = case.sent[len(became)]
        reply, what = await self._hand(on, case.kind, sent, limit_s)
        if case.kind == "malformed":
            what = judge.shut_out(case, what, reply)
        became.append(what)
        note = f"{case.way or case.kind}: {what} {reply.error}"
        if case.kind == "genuine" or (case.kind in LIFTED and len(became) <= case.before):
            self._tell(on, case.id, "genuine", judge.honest(case.sent[: len(became)], what), note)
        elif case.kind == "malformed" and len(became) == len(case.sent):
            next_one = await self._repaired(on, case, limit_s)
            self._tell(on, case.id, "malformed", judge.kept_out(case, became, next_one), f"{note}, then {next_one}")
        elif case.kind == "campaign" and len(became) == len(case.sent):
            self._tell(on, case.id, "rescans", judge.campaign(case, became), " ".join(became))
        elif case.kind == "batch":
            self._tell(on, case.id, *judge.batch(case, what), note)
        elif case.kind in LIFTED:
            self._tell(on, case.id, case.kind, judge.harmless(case, what), f"{note}, worth {case.worth}")
        return reply.late

    async def _repaired(self, on: On, case: Case, limit_s: float) -> str:
        """Send the proper readings of a lot whose reading was none, until one is graded: what became of the last."""
        self._next_ones += 1
        for again in case.repaired:
            _, what = await self._hand(on, case.kind, again, limit_s)
            if judge.honest(case.repaired, what) == "right":
                break
            self._held_up += again is case.repaired[0]
            if self._held_up > max(SOME, MAY_WAIT * self._next_ones):
                break
        return what

    def _tell(self, on: On, case: str, aspect: str, word: str, note: str) -> None:
        """Tell a word, and count it for the picture."""
        self.words[aspect][word] += 1
        on.tell(case, aspect, word, note)

    async def _hand(self, on: On, kind: str, sent: Sent, limit_s: float) -> tuple[Reply, str]:
        """Hand a body to the guard: the reply, and the word for it."""
        path, word = ("/batches", judge.verdict) if kind == "batch" else ("/readings", judge.taken)
        digest = hashlib.sha256(sent.body).hexdigest()
        self.vault.sent(digest)
        reply = await on.ask("guard", "POST", path, sent.body, limit_s)
        what = word(reply)
        if what in judge.LET_IN:
            self.vault.graded(digest)
        return reply, what
