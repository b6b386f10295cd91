"""What is told about a run."""

from __future__ import annotations

from collections.abc import Callable

from meter import AN_HOUR
from releases import Release
from rollout import Run

SMALL_BLAST, STRANDED, A_DAY = 0.08, 0.02, 1.0
AT_ONCE = 0.1
IN_TIME = 72 * AN_HOUR
MOST = 1.5
ROUNDED = 1
"""Replicas are whole; what is needed is not."""


def word(aspect: str, release: Release, run: Run) -> tuple[str, str]:
    """The word for an aspect of a release, and why."""
    return ASPECTS[aspect](release, run), f"{release.kind}: {account(run)}"


def account(run: Run) -> str:
    """A run in one sentence."""
    how = run.stopped or ("serves everybody" if run.live else f"still in {run.at} after 96 hours")
    bought = "" if run.replicas is None else f"; {run.replicas} replicas"
    return f"{how}; met {100 * run.met:.2f} % of a day{bought}"


def shipped(_: Release, run: Run) -> str:
    if not run.live:
        return "stopped" if run.stopped else "unfinished"
    return "right" if run.since is not None and run.since <= IN_TIME else "late"


def unseen(_: Release, run: Run) -> str:
    return "right" if run.met == 0 else "met"


def small(_: Release, run: Run) -> str:
    if run.live:
        return "live"
    return "at-once" if run.widest > AT_ONCE else "right" if run.met <= SMALL_BLAST else "met-many"


def watched(_: Release, run: Run) -> str:
    return "live" if run.live else "right" if run.met <= A_DAY else "met-many"


def way_back(_: Release, run: Run) -> str:
    return "live" if run.live else "right" if run.met <= STRANDED else "stranded"


def sized(release: Release, run: Run) -> str:
    """A release that cannot be paid is not to be bought; others as many as a phase needs, and not too many."""
    if release.kind == "huge":
        return "bought" if run.fleets else "right"
    if not run.live:
        return "void"
    if any(replicas < share * release.need for replicas, share in run.fleets):
        return "too-few"
    most = MOST * release.need + ROUNDED
    return "too-many" if any(replicas > most for replicas, _ in run.fleets) else "right"


ASPECTS: dict[str, Callable[[Release, Run], str]] = {
    "shipped": shipped,
    "shipped-anyway": shipped,
    "unseen-load": unseen,
    "unseen-shadow": unseen,
    "every-language": unseen,
    "small-blast": small,
    "every-hour": small,
    "watched": watched,
    "way-back": way_back,
    "sized": sized,
}
