"""The meter: reads the documents, and tells what they would have said of each month."""

from __future__ import annotations

import asyncio
import itertools

import pictures
from calendars import ByDay, ByMinute
from expressions import Log
from judging import in_minutes, on_days
from pages import page_of
from plainyaml import NotPlain
from written import is_document, read

ANSWER_S = 5


class World:
    """One lane: the documents are read once, at the beginning."""

    def __init__(self, plan):
        self.months = {}
        for case in plan["cases"]:
            by = ByDay if case["kind"] in ("kept", "spent") else ByMinute
            self.months[case["id"]] = by(plan["seed"], case)
        self.log = Log(itertools.chain.from_iterable(month.traffic.rows for month in self.months.values()))
        self.promise, self.trouble = None, ""
        self.masks, self.open_ = {}, {}
        self.lanes = [plan["cases"]]

    async def play(self, lane, on):
        """All months."""
        bad = await self._read(on)
        for case in lane:
            if bad:
                on.tell_rest(case["id"], bad, self.trouble)
                continue
            for aspect, word, note in await asyncio.to_thread(self._judged, case["id"]):
                on.tell(case["id"], aspect, word, note)

    def page(self, what):
        """What the documents make of the public months."""
        return page_of(self, what)

    def pictures(self):
        """Alerts and days of the public months."""
        return pictures.of(self)

    def _judged(self, name):
        month = self.months[name]
        judge = on_days if isinstance(month, ByDay) else in_minutes
        return list(judge(self.promise, month, *self.masks[name]))

    async def _read(self, on):
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

    def _carry_out(self, files):
        promise = read(files)
        good, total = (self.log.where(expression) for expression in (promise.good, promise.total))
        at = 0
        for name, month in self.months.items():
            span = slice(at, at + len(month.traffic.rows))
            self.masks[name], at = (good[span], total[span]), span.stop
        self.promise = promise
