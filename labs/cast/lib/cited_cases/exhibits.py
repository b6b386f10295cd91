"""Whole documents of some cases, for whoever has the deployment's token: what `exhibits` of scenario.yaml asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casebook.calls import Absent, Call, Handler
from common.guard import Guard
from common.names import generator
from starlette.responses import PlainTextResponse, Response

MOST_BYTES = 512 << 10


class Exhibits:
    """Documents of cases that the plan's seed draws, numbered from 1.

    Args:
        plan: of the season.
        many: how many are kept.

    Attributes:
        routes: for the world's own `routes`: `GET /documents/<number>`, 404 for all who do not have the token.
    """

    def __init__(self, plan: Mapping[str, Any], many: int = 3) -> None:
        cases = [case["id"] for case in plan["cases"]]
        self._cases = generator(plan["seed"], "exhibits").sample(cases, min(many, len(cases)))
        self._kept: dict[str, str] = {}
        self._guard = Guard()
        self.routes: dict[str, Handler] = {"GET /documents/{number}": self._shown}

    def keep(self, case: str, document: str) -> None:
        """Keep it if its case was drawn: of a case without a document, one sentence in its place."""
        if case in self._cases:
            self._kept[case] = document

    def _shown(self, call: Call) -> Response:
        known = self._guard.knows(call.headers.get("authorization", "").removeprefix("Bearer "))
        number = call.path["number"]
        at = int(number) - 1 if known and number.isascii() and number.isdigit() and len(number) < 4 else -1
        if not 0 <= at < len(self._cases) or self._cases[at] not in self._kept:
            raise Absent("there is no such document")
        shown = self._kept[self._cases[at]].encode("utf-8", "replace")[:MOST_BYTES]
        return PlainTextResponse(shown, media_type="text/markdown")
