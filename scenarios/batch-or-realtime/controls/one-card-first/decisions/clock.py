"""The payments' time. This service has no clock of those days but what payments and nights say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

DAY = timedelta(hours=24)


def parse(text: str) -> datetime:
    """A time such as 2026-03-02T14:05:00Z. ValueError for anything else."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def midnight(date: str) -> datetime:
    return parse(f"{date}T00:00:00Z")


def is_stale(as_of: str, at: datetime) -> bool:
    return at - parse(as_of) > DAY
