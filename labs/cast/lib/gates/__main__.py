"""`python -m gates`: a casebook with gates. Its environment and ports are the casebook's, and the world is made with
`World(plan, gates)`; `POST /gate/<name>` on the control port opens one, and the ledger has `gates`."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from casebook.season import Season
from casebook.service import Casebook
from common.serve import serve
from starlette.requests import Request
from starlette.routing import Route, Router

from gates import BY_ITSELF_S, Gates


class Gated(Casebook):
    """A casebook whose seasons have gates, each its own."""

    def __init__(self, public: Path, make_world: Any, services: Mapping[str, str], token: str | None = None) -> None:
        self._gates: dict[Season, Gates] = {}
        self._with_gates = make_world
        super().__init__(public, make_world, services, token)

    def control(self) -> Router:
        """The exam's port, with a route more."""
        router = super().control()
        router.routes.append(Route("/gate/{name}", self._guard(self._opened), methods=["POST"]))
        return router

    def _made(self, raw: bytes, lap: int) -> Season:
        ours = Gates(BY_ITSELF_S if raw is self._raw else None)  # else it is an exam's
        self._make_world = lambda plan: self._with_gates(plan, ours)
        season = super()._made(raw, lap)
        self._gates = {season: ours}
        return season

    async def _opened(self, request: Request) -> Any:
        self._gates[self.season].open(request.path_params["name"])
        return self._gates[self.season].state

    async def _ledger(self, request: Request) -> Any:
        return await super()._ledger(request) | {"gates": self._gates[self.season].state}


def run() -> None:
    """Read the environment, then serve."""
    sys.path.insert(0, os.environ["WORLD"])
    services = json.loads(os.environ.get("SERVICES", "{}"))
    book = Gated(Path(os.environ["PLAN"]), importlib.import_module("world").World, services)
    serve({os.environ["LISTEN"]: book.public(), os.environ["CONTROL"]: book.control()})


if __name__ == "__main__":
    run()
