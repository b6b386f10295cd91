"""Dates: a season's begin, and the time of practice, which anybody can tell from the clock on the wall."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from season import DAYS

DAY_S = 86_400
FIRST = datetime(2026, 1, 5, tzinfo=UTC)
PRACTICE_DAY_S = 20.0  # real seconds of a day of practice
SPAN_S = 21_600  # real seconds, after which practice begins again: whole seasons


def begin_of(day: int) -> float:
    """The midnight with which a season begins, so many days after the first that can be (seconds since the epoch)."""
    return (FIRST + timedelta(days=day)).timestamp()


def text(seconds: float) -> str:
    """A time as all parts write it: UTC, whole seconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def practice(real: float) -> float:
    """The time of practice (seconds since the epoch) at a time on the wall."""
    return FIRST.timestamp() + real % SPAN_S * DAY_S / PRACTICE_DAY_S


def practice_season(now: float) -> tuple[str, float]:
    """Seed and begin of the season of practice in which a time of practice lies. One follows the other."""
    number = int((now - FIRST.timestamp()) // (DAYS * DAY_S))
    return f"practice-{number}", FIRST.timestamp() + number * DAYS * DAY_S
