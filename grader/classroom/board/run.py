"""A board from start to end: history and links in a folder, a thread that looks, a server that shows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.classroom.board import links
from grader.classroom.board.history import History
from grader.classroom.board.links import Links
from grader.classroom.board.server import Server
from grader.classroom.board.source import Source
from grader.classroom.board.watcher import EVERY_S, Watcher
from grader.errors import BadInput

HISTORY = "board.sqlite"


@contextmanager
def board(
    source: Source,
    folder: Path,
    port: int = 0,
    every_s: float = EVERY_S,
    clock: Callable[[], float] = time.time,
) -> Iterator[Links]:
    """Run a board meanwhile; gives its links.

    Args:
        folder: where history and links are kept; made if it is not there.
        port: 0 for the one used last, or any.

    Raises:
        BadInput: the port or a file cannot be used.
    """
    kept = links.kept(folder)
    history = History(folder / HISTORY)
    watcher = Watcher(source, history, kept.everybody, clock)
    stop = threading.Event()
    thread = threading.Thread(target=watcher.run, args=(stop, every_s), daemon=True)
    try:
        server = _server(watcher, kept, port)
        try:
            shown = links.keep(folder, kept, server.port)
            thread.start()
            yield shown
        finally:
            watcher.teacher.close()
            watcher.everybody.close()
            server.close()
    finally:
        stop.set()
        if thread.is_alive():
            thread.join()
        history.close()


def _server(watcher: Watcher, kept: Links, port: int) -> Server:
    if port or not kept.port:
        return Server(watcher, kept.teacher, kept.everybody, port)
    try:
        return Server(watcher, kept.teacher, kept.everybody, kept.port)
    except BadInput:  # somebody else has it now
        return Server(watcher, kept.teacher, kept.everybody)
