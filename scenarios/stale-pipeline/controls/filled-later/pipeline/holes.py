"""What to put where a day has stayed empty."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

PATIENCE = 2


def filled(days: dict[str, Any], today: str) -> dict[str, dict[str, float]]:
    """Features for each day that nothing has come for in two nights: those of the day before."""
    known = {day: entry["features"] for day, entry in days.items()}
    found = {}
    day, end = date.fromisoformat(min(days)), date.fromisoformat(today) - timedelta(days=PATIENCE)
    while day <= end:
        name, before = day.isoformat(), (day - timedelta(days=1)).isoformat()
        if name not in known:
            known[name] = found[name] = known[before]
        day += timedelta(days=1)
    return found
