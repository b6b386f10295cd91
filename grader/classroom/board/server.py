"""The board's server: two pages, which hold nothing, and two feeds, each behind a secret of its own."""

from __future__ import annotations

from pathlib import Path

from grader.classroom.board.watcher import Watcher
from grader.pages import server
from grader.pages.server import Door

_HERE = Path(__file__).with_name("templates")
PAGES = {
    "/": (_HERE / "board.html", "text/html"),
    "/projection": (_HERE / "projection.html", "text/html"),
    **server.files(_HERE),
}
REFUSAL = "this link is not valid: use the one that `lab workshop board` printed"


class Server(server.Server):
    """Serves until closed.

    Raises:
        BadInput: the port cannot be had.
    """

    def __init__(self, watcher: Watcher, teacher: str, everybody: str, port: int = 0) -> None:
        doors = {"/events": Door(watcher.teacher, teacher), "/projection/events": Door(watcher.everybody, everybody)}
        super().__init__(PAGES, doors, refusal=REFUSAL, read=lambda: watcher.read, port=port)
