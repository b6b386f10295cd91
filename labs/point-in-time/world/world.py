"""Kurier's lake: two weeks of numbers as they are published, and whether its store says what was known when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pages
import pictures
from casebook.plan import Case, Plan
from common.names import named
from history import Number, Season
from judge import Said, alike, by_id, word

if TYPE_CHECKING:
    from casebook.world import Html, On, Picture, Reply

ANSWER_S, PATIENCE, TOGETHER = 10, 3, 60
"""After so many late answers in a row nobody asks any more; so many training rows are asked for at once."""


class Row(Case):
    """A courier and a district at a moment (seconds since the first midnight): read `online` then, or trained on."""

    courier: str
    district: str
    moment: int
    online: bool
    kind: str


class World:
    """One lane: what is new is sent, the street reads; at the end training asks for rows of the past."""

    def __init__(self, plan: Plan[Row]) -> None:
        self.season = Season(plan["seed"])
        self.rows = {row["id"]: row for row in plan["cases"]}
        self.again = {row["id"]: named(plan["seed"], "again", row["id"]) for row in plan["cases"] if row["online"]}
        self.read: dict[str, Said] = {}
        self.trained: dict[str, Said] = {}
        self.words: dict[str, str] = {}
        self.lanes = ["season"]
        self._seed, self._late = plan["seed"], 0

    def page(self, what: str) -> Html:
        """All rows, or one of them."""
        return pages.page_of(self, what)

    def pictures(self) -> Iterable[Picture]:
        """What was known then, and what the store gave."""
        return pictures.of(self)

    async def play(self, lane: str, on: On) -> None:
        """The season, then training."""
        self.read, self.trained, self.words = {}, {}, {}
        await self._ask(on, "/begin", {})
        reads: dict[int, list[Row]] = defaultdict(list)
        for row in self.rows.values():
            if row["online"]:
                reads[row["moment"]].append(row)
        sent = -1
        for push in self.season.pushes:
            await self._ask(on, "/publish", self._news(sent, push))
            if push in reads:
                await self._online(reads[push], push, on)
            sent = push
        await self._training(on)

    async def _online(self, rows: Sequence[Row], push: int, on: On) -> None:
        asked = [{"id": row["id"], "courier": row["courier"], "district": row["district"]} for row in rows]
        reply = await self._ask(on, "/online", {"now": self.season.time(push), "rows": asked})
        bad = reply.bad({"rows": [{"id": str}]}) if reply else "none"
        said = {} if bad or not reply else by_id(reply.json["rows"])
        for row in rows:
            aspect = next(aspect for aspect in row["asked"] if aspect != "agree")
            if found := said.get(row["id"]):
                self.read[row["id"]] = found[0]
            self._tell(row, aspect, found, bad, on)

    async def _training(self, on: On) -> None:
        """Rows in batches, and those of the street among them under other ids."""
        asked = {self.again.get(name, name): row for name, row in self.rows.items()}
        order = sorted(asked, key=lambda name: named(self._seed, "batch", name))
        for at in range(0, len(order), TOGETHER):
            batch = {name: asked[name] for name in order[at : at + TOGETHER]}
            rows = [
                {"id": name, "courier": row["courier"], "district": row["district"],
                 "moment": self.season.time(row["moment"])}
                for name, row in batch.items()
            ]  # fmt: skip
            reply = await self._ask(on, "/training", {"rows": rows})
            bad = reply.bad({"rows": [{"id": str}]}) if reply else "none"
            said = {} if bad or not reply else by_id(reply.json["rows"])
            for name, row in batch.items():
                self._trained(row, said.get(name, []), bad, on)

    def _trained(self, row: Row, found: Sequence[Said], bad: str, on: On) -> None:
        if found:
            self.trained[row["id"]] = found[0]
        if row["online"]:
            told, note = bad or "none", "the street or training said nothing"
            if found and row["id"] in self.read:
                differ = alike(self.read[row["id"]], found[0])
                told, note = ("differs", f"{', '.join(differ)} at {self._of(row)}") if differ else ("right", "")
            on.tell(row["id"], "agree", told, note)
            return
        aspect = next(aspect for aspect in row["asked"] if aspect != "whole")
        self._tell(row, aspect, found, bad, on)
        whole = bad or ("lost" if not found else "twice" if len(found) > 1 else "right")
        on.tell(row["id"], "whole", whole, f"{len(found)} rows came back for one")

    def _tell(self, row: Row, aspect: str, found: Sequence[Said] | None, bad: str, on: On) -> None:
        told, note = bad or "lost", "no row of this id came back"
        if found:
            told, note = word(self.season, row["courier"], row["district"], row["moment"], found[0])
        self.words[row["id"]] = told
        on.tell(row["id"], aspect, told, f"{self._of(row)}: {note}")

    def _of(self, row: Row) -> str:
        return f"{self.season.time(row['moment'])}, {row['kind']}"

    def _news(self, after: int, until: int) -> dict[str, Any]:
        """What was published since the last time."""
        news: dict[str, Any] = {"now": self.season.time(until)}
        for feed in self.season.feeds:
            table = feed.table
            news[table.name] = [self._line(table.key, table.columns, n) for n in feed.between(after, until)]
        return news

    def _line(self, key: str, columns: tuple[str, str], number: Number) -> dict[str, Any]:
        times = {name: self.season.time(getattr(number, name)) for name in ("begins", "ends", "published")}
        return {key: number.key, **times, **dict(zip(columns, number.values, strict=True))}

    async def _ask(self, on: On, path: str, body: Any) -> Reply | None:
        """What the store says; None where nobody asks any more."""
        if self._late >= PATIENCE:
            return None
        reply = await on.ask("store", "POST", path, body, ANSWER_S)
        self._late = self._late + 1 if reply.late else 0
        return reply
