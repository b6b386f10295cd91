"""Times as the objects of a workshop write them, and as numbers. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

TRUSTED_S = 60.0
"""How far a participant's clock may be from ours before what the board saw itself counts instead."""


def moment(text: str) -> float | None:
    """Seconds since the epoch, None for never and for what is no time (participants write these)."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def claimed(text: str, now: float) -> float | None:
    """A time by a participant's own clock, which may be wrong: never later than now."""
    found = moment(text)
    return None if found is None else min(found, now)


def happened(text: str, now: float, watched: bool) -> float:
    """When something new on a desk happened: as its owner says, unless the board saw it come (`watched`) at another
    time. A laptop whose clock is an hour late would otherwise look idle for an hour."""
    found = claimed(text, now)
    return now if found is None or (watched and now - found > TRUSTED_S) else found
