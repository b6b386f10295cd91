"""The feed: all firms' files with their vectors, edition by edition, and what was taken out since.

`GET /head`, `GET /editions/<n>/<page>`, `GET /removed?since=`, `GET /healthz`.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from common.guard import answer
from files import Edition, Files
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

PAGE = 250
AT_ONCE = 2
NOTHING = {"edition": 0, "model": "", "dimensions": 0, "rows": 0, "pages": 0}


class Feed:
    """What is published now. Editions have numbers that only grow, whatever plan they are of."""

    def __init__(self) -> None:
        self.files: Files | None = None
        self.at, self.number = -1, int(time.time() / 60) % 100_000  # so that no later feed gives one a second time
        self.served = self.removed_seq = 0
        self.removed: list[tuple[int, str]] = []
        self._pages: list[list[bytes]] = []
        self._places = asyncio.Semaphore(AT_ONCE)

    def public(self) -> Router:
        """For who loads."""
        return Router(
            [
                Route("/head", self._head),
                Route("/editions/{number:int}/{page:int}", self._page),
                Route("/removed", self._removed),
                Route("/healthz", lambda _: answer({"status": "ok"})),
            ]
        )

    async def plan(self, files: Files) -> None:
        """Another stock: its first edition is published."""
        pages = await asyncio.to_thread(lambda: [_written(edition) for edition in files.editions])
        self.files, self._pages, self.at, self.removed = files, pages, -1, []
        self.publish()

    def publish(self) -> bool:
        """The next edition; False if there is none."""
        if self.files is None or self.at + 1 >= len(self.files.editions):
            return False
        self.at, self.number, self.served = self.at + 1, self.number + 1, 0
        return True

    def remove(self, ids: list[str]) -> None:
        """Take single files out: no page says so, `/removed` does."""
        for each in ids:
            self.removed_seq += 1
            self.removed.append((self.removed_seq, each))

    def state(self) -> dict[str, Any]:
        """For a ledger; `served` counts pages of the newest edition."""
        gone = [each for _, each in self.removed]
        return {"edition": self.number, "at": self.at, "served": self.served, "removed": gone}

    async def _head(self, _: Request) -> Response:
        if self.files is None:
            return answer(NOTHING)
        kind, pages = self.files.editions[self.at].kind, self._pages[self.at]
        said = {"edition": self.number, "model": kind.model, "dimensions": kind.dimensions, "rows": kind.rows}
        return answer({**said, "pages": len(pages)})

    async def _page(self, request: Request) -> Response:
        back, page = self.number - request.path_params["number"], request.path_params["page"]
        if self.files is None or not 0 <= back <= self.at or not 1 <= page <= len(self._pages[self.at - back]):
            return answer({"error": "there is no such page"}, 404)
        at, number = self.at - back, self.number
        body = self._pages[at][page - 1]
        async with self._places:
            await asyncio.sleep(self.files.editions[at].kind.page_s)
        if back == 0 and number == self.number:
            self.served += 1
        return Response(body, media_type="application/json")

    async def _removed(self, request: Request) -> Response:
        try:
            since = int(request.query_params.get("since", "0"))
        except ValueError:
            return answer({"error": "since: a whole number"}, 422)
        return answer({"removed": [{"seq": seq, "id": each} for seq, each in self.removed if seq > since]})


def _written(edition: Edition) -> list[bytes]:
    """The edition's pages, as they are sent."""
    rows = [
        {**each._asdict(), "vector": f"[{','.join(map(repr, vector))}]"}
        for each, vector in zip(edition.files, edition.vectors.tolist(), strict=True)
    ]
    return [json.dumps({"rows": rows[at : at + PAGE]}).encode() for at in range(0, len(rows), PAGE)]
