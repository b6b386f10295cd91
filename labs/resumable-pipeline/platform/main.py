"""The platform around the pipeline: source, embedder, annotators, registry, scheduler, and the readers of artefacts.

Environment: LISTEN, PAGES, CONTROL (host:port of the pipeline's, the public and the exam's port), RUNNER (URL),
ARTEFACTS (folder), BROWNOUT_TOKEN.
"""

from __future__ import annotations

import asyncio
import hmac
import os
from pathlib import Path

from desk import Desk
from nights import Nights
from runner import Runner
from web import Call, Reply, serve

PUBLIC_SEED = 1
PATIENCE_S = 180.0


class Pages:
    """The public port: how nights went, in words for people and by ticket."""

    def __init__(self, nights: Nights, runner: Runner) -> None:
        self._nights = nights
        self._runner = runner

    async def serve(self, call: Call) -> Reply:
        """Health, `/nights`, and `/outcomes/<ticket>`, which is answered once it is known."""
        if call.path == "/healthz":
            return 200, {"status": "ok"}
        if call.path == "/runner":
            return (200, {"status": "ok"}) if await self._runner.ready() else (503, {"status": "starting"})
        if call.path == "/nights":
            return 200, [night.summary() for night in self._nights.all]
        if call.path.startswith("/outcomes/"):
            return await self._nights.outcome(call.path.removeprefix("/outcomes/"), PATIENCE_S)
        return 404, {"error": "not found"}


class Control:
    """The exam's port."""

    def __init__(self, nights: Nights, token: str) -> None:
        self._nights = nights
        self._token = token

    async def serve(self, call: Call) -> Reply:
        """`POST /plan` with a seed begins its nights; `GET /ledger` tells what was done and seen."""
        given = call.headers.get("authorization", "").removeprefix("Bearer ")
        if not self._token or not hmac.compare_digest(given.encode(), self._token.encode()):
            return 401, {"error": "needs the deployment's token"}
        if (call.method, call.path) == ("POST", "/plan"):
            seed = call.object().get("seed")
            if not isinstance(seed, int) or isinstance(seed, bool):
                raise ValueError("seed: expected a number")
            self._nights.begin(seed)
            return 200, {"seed": seed}
        if call.path == "/ledger":
            return 200, self._nights.ledger()
        return 404, {"error": "not found"}


async def main() -> None:
    """Serve until a signal."""
    environment = os.environ
    runner = Runner(environment["RUNNER"])
    nights = Nights(runner, Path(environment["ARTEFACTS"]), PUBLIC_SEED)
    await serve(
        {
            environment["LISTEN"]: Desk(nights).serve,
            environment["PAGES"]: Pages(nights, runner).serve,
            environment["CONTROL"]: Control(nights, environment.get("BROWNOUT_TOKEN", "")).serve,
        }
    )


if __name__ == "__main__":
    asyncio.run(main())
