"""`python -m played MODULE`: the casebook that a module serves, which also tells words as they come, many at once.

Runs in the image of a lab's casebook, in plays alone. To ask for each word by itself costs more than a millisecond of
a core, and a play is as long as its work.

`GET /told?ticket=T&from=N` on the control port: `{"told": [[ticket, word, note], ...], "over": bool}`, the words from
the N-th on, in the order of telling. It comes within a second, at once when nothing more is told; empty while the plan
that has T is not there yet.
"""

from __future__ import annotations

import asyncio
import contextlib
import runpy
import sys
from typing import Any

from casebook.service import Casebook
from common.serve import PEERS, Peer
from starlette.requests import Request
from starlette.routing import Route, Router

MOST_S, NOT_YET_S = 1.0, 0.05

_control, _plan = Casebook.control, Casebook._plan


def control(self: Casebook) -> Router:
    """The exam's port, with a route more."""
    router = _control(self)
    router.routes.append(Route("/told", self._guard(lambda request: told(self, request))))
    return router


async def plan(self: Casebook, request: Request) -> Any:
    """Another plan: whoever asked much during the last one has what a new system gives."""
    for peer in PEERS.values():
        peer.__dict__ |= Peer().__dict__ | {"connections": peer.connections}
    return await _plan(self, request)


async def told(book: Casebook, request: Request) -> Any:
    """What was told since; see above."""
    first, ticket = int(request.query_params["from"]), request.query_params["ticket"]
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(book.season.ended.wait(), MOST_S)
    season = book.season
    if ticket not in season.book.outcomes:
        await asyncio.sleep(NOT_YET_S)
        return {"told": [], "over": False}
    words = [[one.question.ticket, one.word, one.note] for one in season.book.order[first:]]
    return {"told": words, "over": season.ended.is_set()}


if __name__ == "__main__":
    Casebook.control, Casebook._plan = control, plan
    runpy.run_module(sys.argv[1], run_name="__main__", alter_sys=True)
