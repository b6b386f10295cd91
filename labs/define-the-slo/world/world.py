"""The meter: reads the documents, and tells what they would have said of each month."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pictures
from calendars import ByDay, ByMinute
from expressions import Log
from judging import in_minutes, on_days
from numpy.typing import NDArray
from pages import page_of
from plainyaml import NotPlain
from rows import Planned
from written import Promise, is_document, read

if TYPE_CHECKING:
    from casebook.world import Html, On, Picture, Plan

ANSWER_S = 5


class World:
    """One lane: the documents are read once, at the beginning."""

    def __init__(self, plan: Plan[Planned]) -> None:
        self.months: dict[str, ByDay | ByMinute] = {}
        for case in plan["cases"]:
            in_days = case["kind"] in ("kept", "spent")
            self.months[case["id"]] = ByDay(plan["seed"], case) if in_days else ByMinute(plan["seed"], case)
        self.log = Log(itertools.chain.from_iterable(month.traffic.rows for month in self.months.values()))
        self.promise: Promise | None = None
        self.trouble = ""
        self.masks = dict[str, tuple[NDArray[Any], NDArray[Any]]]()
        self.open_ = dict[str, dict[str, NDArray[Any]]]()
        self.lanes = [plan["cases"]]

    async def play(self, lane: Sequence[Planned], on: On) -> None:
        """All months."""
        bad = await self._read(on)
        for case in lane:
            if bad:
                on.tell_rest(case["id"], bad, self.trouble)
                continue
            for aspect, word, note in await asyncio.to_thread(self._judged, case["id"]):
                on.tell(case["id"], aspect, word, note)

    def page(self, what: str) -> Html:
        """What the documents make of the public months."""
        return page_of(self, what)

    def pictures(self) -> Iterator[Picture]:
        """Alerts and days of the public months."""
        return pictures.of(self)

    def _judged(self, name: str) -> list[tuple[str, str, str]]:
        month = self.months[name]
        assert self.promise is not None
        if isinstance(month, ByDay):
            return list(on_days(self.promise, month, *self.masks[name]))
        return list(in_minutes(self.promise, month, *self.masks[name]))

    async def _read(self, on: On) -> str:
        """Read the documents; the word for what is wrong with them, if something is."""
        self.promise, self.trouble = None, ""
        reply = await on.ask("clerk", "GET", "/files", timeout_s=ANSWER_S)
        if bad := reply.bad({"files": {str: str}, "left_out": {str: str}}):
            self.trouble = reply.error or "the clerk's answer has another form"
            return bad
        try:
            if left := [f"{path}: {why}" for path, why in reply.json["left_out"].items() if is_document(path)]:
                raise NotPlain(left[0])
            await asyncio.to_thread(self._carry_out, reply.json["files"])
        except NotPlain as error:
            self.promise, self.trouble = None, str(error)
            return "malformed"
        return ""

    def _carry_out(self, files: Mapping[str, str]) -> None:
        promise = read(files)
        good, total = (self.log.where(expression) for expression in (promise.good, promise.total))
        at = 0
        for name, month in self.months.items():
            span = slice(at, at + len(month.traffic.rows))
            self.masks[name], at = (good[span], total[span]), span.stop
        self.promise = promise
