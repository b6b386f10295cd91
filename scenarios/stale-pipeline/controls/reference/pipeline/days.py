"""Dates, and which of them are still to be made good."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any


def between(first: str, last: str) -> int:
    """Days from one date to the other."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def missing(published: dict[str, Any], today: str) -> list[str]:
    """Days before today that the registry lacks, or has only as copies of another day."""
    first = date.fromisoformat(min(published))
    days = [(first + timedelta(days=n)).isoformat() for n in range(between(min(published), today))]
    return [day for day in days if day not in published or published[day]["data_day"] != day]
