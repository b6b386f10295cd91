"""Times of the scorer's days. This service has no clock of those days: it knows only what it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

DAY = timedelta(hours=24)


def moment(text: str) -> datetime:
    """A time such as 2026-03-02T14:05:00Z, or a date for its midnight. ValueError for anything else."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def is_stale(as_of: str, at: datetime) -> bool:
    """Whether a score of `as_of` is more than 24 h old at a payment."""
    return at - moment(as_of) > DAY
