"""`lab workshop board`."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.console import browse, note, say
from grader.course import catalog
from grader.errors import BadInput

if TYPE_CHECKING:
    from grader.classroom.board.source import Source

DEMO_PEOPLE, DEMO_S = 24, 3000.0
"""Who takes part in the workshop that `--demo` shows, and how long ago it began."""


def board(workshop: str, port: int, only_print: bool, demo: bool) -> None:
    """Serve the board of a workshop, or of one that is made up, until Ctrl-C.

    Raises:
        BadInput: there is no such workshop in the cluster, or neither or both of the two were asked for.
        infra.errors.InfraError: there is no cluster, or it does not answer.
    """
    if demo == bool(workshop):
        raise BadInput("name a workshop, or say --demo for one that is made up and needs no cluster")
    from grader.classroom.board.run import board as running

    with _made_up() if demo else _in_the_cluster(workshop) as (source, folder), running(source, folder, port) as links:
        teacher, everybody = links.urls()
        say("For your eyes only, on this machine:")
        browse(teacher, only_print)
        say("For projection, nicknames and progress only:")
        print(everybody, flush=True)
        if demo:
            note("Nobody of these is real, and nothing is kept. Ctrl-C ends the board.")
        else:
            note("Ctrl-C ends the board; the workshop goes on, and the links stay the same.")
        while True:  # a wait without an end may miss a signal: one that comes just before the lock is waited for
            time.sleep(1)


@contextmanager
def _in_the_cluster(workshop: str) -> Iterator[tuple[Source, Path]]:
    """A workshop that there is, and where its board keeps what it saw."""
    from grader.classroom.board.source import ClusterSource
    from grader.classroom.cluster import store
    from infra.k8s import cluster

    context = cluster.context()
    known = store.workshops(context)
    if workshop not in known:
        raise BadInput(f"there is no workshop {workshop!r} in the cluster; there are: {', '.join(known) or 'none'}")
    yield ClusterSource(context, workshop), catalog.root() / "workshops" / workshop


@contextmanager
def _made_up() -> Iterator[tuple[Source, Path]]:
    """A workshop in the middle of an afternoon, seen from its beginning, in a folder that goes again."""
    from grader.classroom.board.demo import Crowd, Playing
    from grader.classroom.board.history import History
    from grader.classroom.board.run import HISTORY

    crowd = Crowd(DEMO_PEOPLE, time.time() - DEMO_S)
    with tempfile.TemporaryDirectory(prefix="brownout-board-") as folder:
        history = History(Path(folder) / HISTORY)
        crowd.watch(history, time.time())
        history.close()
        yield Playing(crowd), Path(folder)
