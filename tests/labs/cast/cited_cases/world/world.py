"""A desk that has a document written of each case, and judges one claim of it."""

from __future__ import annotations

import asyncio
from typing import Any

from casebook.page import Html
from casebook.world import On
from cited import Examined, examine
from cited.twins import parquet, twin
from cited_cases.exhibits import Exhibits
from cited_cases.pages import claims, text
from cited_cases.runs import Writer


class World:
    """All cases in one lane."""

    def __init__(self, plan: Any) -> None:
        self.lanes = [plan["cases"]]
        self.exhibits = Exhibits(plan, len(plan["cases"]))
        self.routes = self.exhibits.routes
        self._writer = Writer("writer", limit_s=5)
        self._seen: dict[str, tuple[str, Examined]] = {}

    def page(self, what: str) -> Html:
        """The document of a case."""
        document, found = self._seen.get(what, ("", Examined()))
        return Html(text(document) + claims(found, ["sum"], {"sum": 45})) if document else Html()

    async def play(self, lane: list[Any], on: On) -> None:
        """Each case of as many rows."""
        for case in lane:
            tables = {"sales": parquet({"amount": range(10)}), "more": parquet({"name": ["a b", "c"]})}
            written = await self._writer.write(
                on, case["id"], tables, files={"note.txt": case["id"]}, collect=["left.csv"]
            )
            self.exhibits.keep(case["id"], written.document or written.why)
            if written.word:
                on.tell_rest(case["id"], written.word, written.why)
                continue
            other = twin(tables, 1, amounts={"amount"})
            found = await asyncio.to_thread(examine, written.document, tables, other, ["sum"])
            self._seen[case["id"]] = written.document, found
            on.tell(case["id"], "sum", found.words["sum"], found.why["sum"])
            on.tell(case["id"], "left", written.files.get("left.csv", b"nothing").decode())
