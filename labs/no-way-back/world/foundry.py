"""The foundry: tonight's table, and the trainer. Both are others' business, and neither remembers anything.

Public port: `GET /table`, `GET /code`, `POST /train`, `GET /` (a page), `/healthz`. Control port:
`POST /plan {"seed", "before"}`, `POST /due {"k"}`, `POST /hold {"call"}`, `POST /lift`, `GET /ledger`.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from typing import Any

from casebook import page
from common.guard import Guard, Refused, answer, read_object
from common.serve import serve
from days import Days, Made, sha256
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, Router
from trainer import train

TRAINS_S = 0.25
"""What a part takes the trainer, in seconds: it sleeps."""
MOST_TABLE = 200_000
CALLS = 60


class Foundry:
    """Tonight's table and trainer; each call to the trainer is written down, and one may be held back."""

    def __init__(self, token: str | None = None) -> None:
        self._guard = Guard(token)
        self._calls: deque[dict[str, Any]] = deque(maxlen=CALLS)
        self._left, self._lifted = 0, asyncio.Event()
        self._trained = self._held = 0
        self._days, self._k = Days(0), 1
        self.now: Made = self._days.release(1)

    def public(self) -> Router:
        """For who trains, and whoever looks."""
        return Router(
            [
                Route("/table", self._table),
                Route("/code", self._code),
                Route("/train", self._train, methods=["POST"]),
                Route("/", self._page),
                Route("/healthz", self._healthy),
            ]
        )

    def control(self) -> Router:
        """For the front and an exam."""
        return Router(
            [
                Route("/plan", self._guard(self._plan), methods=["POST"]),
                Route("/due", self._guard(self._due), methods=["POST"]),
                Route("/hold", self._guard(self._hold), methods=["POST"]),
                Route("/lift", self._guard(self._lift), methods=["POST"]),
                Route("/ledger", self._guard(self._ledger)),
            ]
        )

    async def _table(self, _: Request) -> Response:
        return Response(self.now.table, media_type="text/csv", headers={"x-night": self.now.date})

    async def _code(self, _: Request) -> Response:
        return answer({"name": self.now.code})

    async def _train(self, request: Request) -> Response:
        begun = time.time()
        try:
            given = await read_object(request, MOST_TABLE)
            part, text, code, params = (given.get(key) for key in ("part", "table", "code", "params"))
            if not (isinstance(part, str) and isinstance(text, str) and isinstance(code, str)):
                raise Refused("part, table and code: texts")
            made = train(part, text, code, params if isinstance(params, dict) else {})
        except (ValueError, ArithmeticError) as error:
            return answer({"error": str(error)[:200]}, 422)
        await self._may_go_on()
        await asyncio.sleep(TRAINS_S)
        self._trained += 1
        call = {"at": begun, "part": part, "table_sha256": sha256(text.encode()), "code": code, "params": params}
        self._calls.appendleft({**call, "sha256": sha256(made)})
        return Response(made, media_type="application/json")

    async def _may_go_on(self) -> None:
        """Held back if this is the call that is to be held; until that is lifted."""
        self._left -= 1
        if self._left == 0:
            self._held += 1
            self._lifted.clear()
            await self._lifted.wait()

    async def _page(self, _: Request) -> Response:
        tonight = [["night", self.now.date], ["table", self.now.table_sha256[:12]], ["trainer", self.now.code]]
        rows = [
            [time.strftime("%H:%M:%S", time.gmtime(call["at"])), call["part"], call["table_sha256"][:12], call["code"]]
            + [call["params"], call["sha256"][:12]]
            for call in self._calls
        ]
        head = ["time (UTC)", "part", "table", "trainer", "params", "what came of it"]
        parts = page.table(["tonight", ""], tonight), page.heading("Calls to the trainer"), page.table(head, rows)
        return HTMLResponse(page.document("The foundry", *parts, again_s=2), headers=page.POLICY)

    async def _healthy(self, _: Request) -> Response:
        return answer({"status": "ok"})

    async def _plan(self, request: Request) -> dict[str, Any]:
        given = await read_object(request)
        self._days = Days(int(given["seed"]), int(given.get("before", 0)))
        return self._set(1)

    async def _due(self, request: Request) -> dict[str, Any]:
        return self._set(int((await read_object(request))["k"]))

    def _set(self, k: int) -> dict[str, Any]:
        if not 1 <= k <= 1_000_000:
            raise Refused("k: the number of a release")
        self._k, self.now = k, self._days.release(k)
        return self._state()

    async def _hold(self, request: Request) -> dict[str, Any]:
        self._left = int((await read_object(request))["call"])
        return self._state()

    async def _lift(self, _: Request) -> dict[str, Any]:
        self._left = 0
        self._lifted.set()
        return self._state()

    async def _ledger(self, _: Request) -> dict[str, Any]:
        return self._state()

    def _state(self) -> dict[str, Any]:
        now = {"night": self.now.date, "code": self.now.code, "table_sha256": self.now.table_sha256}
        return {**now, "seed": self._days.seed, "k": self._k, "trained": self._trained, "held": self._held}


if __name__ == "__main__":
    foundry = Foundry()
    serve({os.environ["LISTEN"]: foundry.public(), os.environ["CONTROL"]: foundry.control()})
