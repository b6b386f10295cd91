"""Dates, and which of them are still to be made good."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any


def between(first: str, last: str) -> int:
    """Days from one date to the other."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def missing(published: dict[str, Any], today: str) -> list[str]:
    """Days before today that the registry lacks, and copies that follow a good day or are yesterday's."""
    first = date.fromisoformat(min(published))
    days = [(first + timedelta(days=n)).isoformat() for n in range(between(min(published), today))]
    copies = [day for day in days if day in published and published[day]["data_day"] != day]
    asked_for = [day for day in copies if day == days[-1] or on_time(published, days[days.index(day) - 1])]
    return [*asked_for, *(day for day in days if day not in published)]


def on_time(published: dict[str, Any], day: str) -> bool:
    return day in published and published[day]["data_day"] == published[day]["published_on"] == day
