"""The shop: it writes down what customers do, asks the feature store at checkout, and has training sets made.

Public port: `POST /checkouts/<n>`, `GET /rows/<batch>/<row>`, `GET /dump/<table>.csv`, `/figures`, `/` (a page),
`/features/healthz`, `/pulse`, `/healthz`. Control port: `POST /plan {"seed"}`, `POST /act {"do", "k"}`, `POST /rest`,
`GET /ledger`.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any

import asyncpg
from asking import Batches, Store
from casebook import page
from common.guard import Guard, Refused, answer, read_object
from common.serve import serving
from everyday import Everyday
from picture import drawn, figures, told
from season import BATCH, Key, Season
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, Router
from tables import Tables

WAITS_S, PULSE_S = 13.0, 0.01


class Shop:
    """`tables` are open."""

    def __init__(self, tables: Tables, store: Store, token: str | None = None) -> None:
        self._tables, self._store, self._guard = tables, store, Guard(token)
        self._everyday = Everyday(tables, store)
        self._season: Season | None = None
        self._batches = Batches()
        self._running: set[asyncio.Task[None]] = set()
        self._answered = self._refused = 0
        self._registered: dict[str, list[int]] = {}
        self._doubt: set[Key] = set()

    def public(self) -> Router:
        """For customers, the feature store, and whoever looks."""
        return Router(
            [
                Route("/checkouts/{n:int}", self._checkout, methods=["POST"]),
                Route("/rows/{batch:int}/{row:int}", self._row),
                Route("/dump/{table}.csv", self._dump),
                Route("/figures", self._figures),
                Route("/", self._page),
                Route("/features/healthz", self._health),
                Route("/pulse", self._pulse),
                Route("/healthz", self._healthy),
            ]
        )

    def control(self) -> Router:
        """For an exam."""
        return Router(
            [
                Route("/plan", self._guard(self._plan), methods=["POST"]),
                Route("/act", self._guard(self._act), methods=["POST"]),
                Route("/rest", self._guard(self._rest), methods=["POST"]),
                Route("/ledger", self._guard(self._ledger)),
            ]
        )

    async def _checkout(self, request: Request) -> Response:
        number = request.path_params["n"]
        try:
            if self._season is None:
                values = await self._everyday.checkout()
            elif number < len(self._season.checkouts):
                moment = self._season.checkouts[number]
                await self._tables.write(moment.customer, moment.at)
                values = await self._store.online(self._season, moment)
            else:
                return answer({"error": "there is no such checkout"}, 404)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
            return answer({"error": f"postgres: {error!r}"[:200]}, 502)
        if values is None:
            return answer({"error": "the feature store has no values"}, 502)
        self._answered += 1
        return answer({"values": values, **self._doubts(number)})

    async def _row(self, request: Request) -> Response:
        batch, row = request.path_params["batch"], request.path_params["row"]
        if batch not in (0, 1) or row >= BATCH:
            return answer({"error": "there is no such row"}, 404)
        try:
            found = await asyncio.wait_for(asyncio.shield(self._batches.future(batch)), WAITS_S)
        except TimeoutError:
            return answer({"error": "the batch did not come"}, 504)
        if found[row] is None:
            return answer({"error": "the feature store has no values"}, 502)
        return answer({"values": found[row]})

    async def _dump(self, request: Request) -> Response:
        try:
            return Response(self._tables.dump(request.path_params["table"]), media_type="text/csv")
        except KeyError:
            return answer({"error": "there is no such dump"}, 404)

    async def _figures(self, _: Request) -> Response:
        return answer(figures(self._everyday.seen))

    async def _page(self, _: Request) -> Response:
        seen = self._everyday.seen
        parts = [page.picture(drawn(seen)), *told(seen)]
        return HTMLResponse(page.document("What the model was told", *parts, again_s=3), headers=page.POLICY)

    async def _health(self, _: Request) -> Response:
        healthy = await self._store.healthy()
        return answer({"status": "ok" if healthy else "down"}, 200 if healthy else 503)

    async def _pulse(self, _: Request) -> Response:
        await asyncio.sleep(PULSE_S)
        return answer({"status": "ok"})

    async def _healthy(self, _: Request) -> Response:
        return answer({"status": "ok"})

    async def _plan(self, request: Request) -> dict[str, Any]:
        seed = int((await read_object(request))["seed"])
        self._everyday.stop()
        season = await asyncio.to_thread(Season, seed)
        await self._tables.begin(season)
        self._season, self._batches, self._registered, self._doubt = season, Batches(), {}, set()
        return self._state()

    async def _act(self, request: Request) -> dict[str, Any]:
        given = await read_object(request)
        if self._season is None:
            raise Refused("there is no plan")
        acts = {
            "base": lambda season: self._register("base", season),
            "later": lambda season: self._register("later", season),
            "edits": lambda season: self._register("edits", season),
            "batch": lambda season: self._train(season, int(given.get("k", 0))),
        }
        if given.get("do") not in acts:
            raise Refused(f"do: one of {', '.join(acts)}")
        task = asyncio.get_running_loop().create_task(acts[given["do"]](self._season))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return self._state()

    async def _register(self, what: str, season: Season) -> None:
        later = [*season.registered_later, *season.edits[:2]]
        given = {"base": list(season.base.values()), "later": later, "edits": season.again}
        statuses = await self._store.register(given[what])
        for one, status in zip(given[what], statuses, strict=True):
            same = one == season.definitions[one.name, one.version]
            if status >= 400 if same else 200 <= status < 300:
                self._doubt.add((one.name, one.version))
        self._registered[what] = statuses

    def _doubts(self, number: int) -> dict[str, list[str]]:
        """Of what a checkout asks for: what was changed with a 201, or refused though it came as it was."""
        if self._season is None or not self._doubt:
            return {}
        features = self._season.sets[self._season.checkouts[number].set]
        return {"doubt": [name for name, version in features.items() if (name, version) in self._doubt]}

    async def _train(self, season: Season, number: int) -> None:
        rows = season.batches[number]
        for row in rows:
            if row.pair >= 0:
                await self._tables.write(row.customer, row.at)
        found = await self._store.training(season, rows)
        future = self._batches.future(number)
        if not future.done():
            future.set_result(found)

    async def _rest(self, _: Request) -> dict[str, Any]:
        self._season = None
        return self._state()

    async def _ledger(self, _: Request) -> dict[str, Any]:
        return self._state()

    def _state(self) -> dict[str, Any]:
        seed = None if self._season is None else self._season.seed
        done = {"registered": self._registered, "batches": self._batches.done()}
        return {"answered": self._answered, "seed": seed, **done}


async def main() -> None:
    """Serve both ports."""
    tables = Tables(os.environ["STORE"])
    await tables.open()
    shop = Shop(tables, Store(os.environ["FEATURES"]))
    await serving({os.environ["LISTEN"]: shop.public(), os.environ["CONTROL"]: shop.control()})


if __name__ == "__main__":
    asyncio.run(main())
