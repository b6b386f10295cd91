"""`lab workshop board`."""

from __future__ import annotations

import time

from grader.cli.console import browse, note, say
from grader.course import catalog
from grader.errors import BadInput


def board(workshop: str, port: int, only_print: bool) -> None:
    """Serve the board of a workshop until Ctrl-C.

    Raises:
        BadInput: there is no such workshop in the cluster.
        infra.errors.InfraError: there is no cluster, or it does not answer.
    """
    from grader.workshop.board.run import board as running
    from grader.workshop.board.source import ClusterSource
    from grader.workshop.cluster import store
    from infra.k8s import cluster

    context = cluster.context()
    known = store.workshops(context)
    if workshop not in known:
        raise BadInput(f"there is no workshop {workshop!r} in the cluster; there are: {', '.join(known) or 'none'}")
    folder = catalog.root() / "workshops" / workshop
    with running(ClusterSource(context, workshop), folder, port) as links:
        teacher, everybody = links.urls()
        say("For your eyes only, on this machine:")
        browse(teacher, only_print)
        say("For projection, nicknames and progress only:")
        print(everybody, flush=True)
        note("Ctrl-C ends the board; the workshop goes on, and the links stay the same.")
        while True:  # a wait without an end may miss a signal: one that comes just before the lock is waited for
            time.sleep(1)
