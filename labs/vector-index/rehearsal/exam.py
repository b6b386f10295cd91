"""What the experiment does: editions are published, files are taken out, and the api is killed while it loads."""

from __future__ import annotations

from grader.labkit import answers, control, current, import_rehearsal, kill_service, read, start_service

load = import_rehearsal(__file__, "load")

LOOK_S, WAITS_S, DEAD_S = 0.03, 1.5, 0.3
API = "http://archive:8080/api/healthz"


def alive(body: bytes) -> tuple[None, str]:
    """The archive answered: how late is in the event."""
    return None, "alive" if body else "none"


def plan(seed_of: int, model: str, moves: bool, dimensions: str, before: int, after: int) -> bool:
    """A stock of its own; whether its first edition is published."""
    kinds = load.kinds(model, bool(moves), dimensions, before, after)
    said = control("archive", 9000, "/plan", {"seed": int(seed_of), "kinds": kinds})
    return bool(said["seed"] == int(seed_of) and said["at"] == 0)


def publish() -> bool:
    """The second edition; whether it is published."""
    return bool(control("archive", 9000, "/publish", {})["at"] == 1)


def remove(many: int, together: int) -> bool:
    """So many more files are taken out; whether the feed says how many there are together."""
    return bool(len(control("archive", 9000, "/remove", {"many": many})["removed"]) == together)


def crash(pages: int) -> bool:
    """Once so many pages of the edition were served, or after a time, the api is killed, and started again; whether it
    was gone."""
    context = current()
    by = context.now() + WAITS_S
    while context.now() < by and not context.hurry.wait(LOOK_S):
        if read("archive", 9000, "/ledger")["served"] >= int(pages):
            break
    control("archive", 9000, "/down", {})
    kill_service("api")
    back = context.now() + DEAD_S
    gone = not answers(API, timeout_s=0.3)
    context.hurry.wait(max(0.0, back - context.now()))
    start_service("api")
    control("archive", 9000, "/up", {})
    return gone


def ended() -> bool:
    """Whether the second edition is what is published, with files taken out."""
    said = read("archive", 9000, "/ledger")
    return bool(said["at"] == 1 and len(said["removed"]) == load.TAKEN_OUT)
