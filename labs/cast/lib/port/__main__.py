"""`python -m port`: a casebook, and beside it the ports of its world. README.md has the environment."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from casebook.__main__ import casebook
from casebook.service import Casebook
from common.guard import answer
from common.serve import Application, serve


def port_of(book: Casebook, name: str) -> Application:
    """The port of that name of the world that is on; 503 while there is none."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        ports = getattr(book.season.world, "ports", {})
        found = ports.get(name) or answer({"error": "not open yet"}, 503)
        await found(scope, receive, send)

    return application


def run() -> None:
    """Read the environment, then serve; what makes no sense ends the process with one sentence."""
    try:
        book = casebook(os.environ)
        ports = {os.environ["LISTEN"]: book.public(), os.environ["CONTROL"]: book.control()}
        ports |= {listen: port_of(book, name) for name, listen in json.loads(os.environ["PORTS"]).items()}
    except (OSError, ImportError, KeyError, ValueError, AttributeError) as error:
        sys.exit(f"port: LISTEN, CONTROL, WORLD, PLAN, SERVICES or PORTS cannot be used: {error!r}")
    serve(ports)


if __name__ == "__main__":
    run()
