"""A page from start to end: a thread that looks, and a server that shows and takes orders."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course import catalog
from grader.errors import BadInput
from grader.invocation import pasteable
from grader.pages.server import Desk, Door, Server, files
from grader.practice.live import record, traces
from grader.practice.live.commands import Commands
from grader.practice.live.record import Page
from grader.practice.live.watcher import Watcher
from grader.practice.seat import Seat

_HERE = Path(__file__).with_name("templates")
PAGES = {"/": (_HERE / "live.html", "text/html"), **files(_HERE)}
REFUSAL = "this link is not valid: use the one that `lab live` prints"


@dataclass(frozen=True)
class Serving:
    """A page that is served. `over` is set once its lab does not run any more."""

    page: Page
    over: threading.Event


@contextmanager
def serving(seat: Seat, port: int = 0, *, alone: bool = False) -> Iterator[Serving]:
    """Serve the page of a running lab meanwhile. At the end nothing that its buttons started is left.

    Args:
        seat: at the lab.
        port: 0 for the one used last, or any.
        alone: this process outlives the command that started it, and `lab stop` ends it.

    Raises:
        BadInput: there is no such lab, it does not run, its page is served already, or the port cannot be used.
    """
    lab_id = seat.lab_id
    lab = catalog.find_lab(lab_id)
    commands = Commands(lab_id)
    watcher = Watcher(lab, commands, seat)
    kept = record.kept(lab_id)
    if kept.served:
        raise BadInput(f"the page of {lab_id} is served already; `lab live {lab_id}` opens it")
    stop = threading.Event()
    server = _server(watcher, commands, kept, port)
    thread = threading.Thread(target=watcher.run, args=(stop, lambda: server.watched > 0), daemon=True)
    page = kept
    try:
        page = record.claim(lab_id, kept, server.port, alone)
        watcher.look()
        thread.start()
        yield Serving(page, watcher.gone)
    finally:
        stop.set()
        watcher.feed.close()
        server.close()
        commands.close()
        if thread.is_alive():
            thread.join()
        watcher.close()
        record.leave(lab_id, page)


def _server(watcher: Watcher, commands: Commands, kept: Page, port: int) -> Server:
    def made(at: int) -> Server:
        desk = _desk(watcher, commands, kept.secret)
        doors = {"/events": Door(watcher.feed, kept.secret)}
        return Server(PAGES, doors, refusal=pasteable(REFUSAL), read=lambda: watcher.read, desk=desk, port=at)

    if port or not kept.port:
        return made(port)
    try:
        return made(kept.port)
    except BadInput:  # somebody else has it now
        return made(0)


def _desk(watcher: Watcher, commands: Commands, secret: str) -> Desk:
    def do(given: Mapping[str, str]) -> Any:
        commands.begin(given.get("what", ""))
        return {}

    asks = {
        "/find": lambda given: watcher.find(given.get("q", "")),
        "/traces": lambda given: traces.listed(watcher.collector(), given.get("order", ""), given.get("q", "")),
        "/trace": lambda given: traces.one(watcher.collector(), given.get("id", "")),
    }
    orders = {
        "/do": do,
        "/cancel": lambda given: {"ran": commands.cancel()},
        "/act": lambda given: watcher.act(given.get("id", "")),
    }
    return Desk(secret, asks, orders, watcher.attempts.paper)
