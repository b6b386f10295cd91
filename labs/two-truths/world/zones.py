"""What local time it is, by hand: an image need not have a time zone database, and truth leans on nobody's."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

EU, US = "EU", "US"


class Zone(NamedTuple):
    """Minutes ahead of UTC in winter, and whose rule for the summer it has; an empty one is none."""

    minutes: int
    rule: str = ""


ZONES = {
    "Europe/Lisbon": Zone(0, EU),
    "Europe/Athens": Zone(120, EU),
    "America/New_York": Zone(-300, US),
    "America/Sao_Paulo": Zone(-180),
    "Asia/Kolkata": Zone(330),
    "Asia/Tokyo": Zone(540),
}


def local(moment: datetime, zone: str) -> datetime:
    """The clock on the wall, without a zone."""
    return moment.replace(tzinfo=None) + _ahead(moment, ZONES[zone])


def midnight(day: date, zone: str) -> datetime:
    """When a local day begins. In these zones clocks do not change at midnight."""
    wall = datetime.combine(day, time())
    early = (wall - timedelta(minutes=ZONES[zone].minutes)).replace(tzinfo=UTC)
    return early - (_ahead(early, ZONES[zone]) - timedelta(minutes=ZONES[zone].minutes))


def _ahead(moment: datetime, zone: Zone) -> timedelta:
    winter = timedelta(minutes=zone.minutes)
    if zone.rule == EU:  # at 01:00 UTC, on the last Sundays of March and October
        begins, ends = (_sunday(moment.year, month, 4, 31) + timedelta(hours=1) for month in (3, 10))
    elif zone.rule == US:  # at 02:00 by the clock, on the second Sunday of March and the first of November
        begins = _sunday(moment.year, 3, 2, 7) + timedelta(hours=2) - winter
        ends = _sunday(moment.year, 11, 1, 7) + timedelta(hours=1) - winter
    else:
        return winter
    return winter + timedelta(hours=begins <= moment < ends)


def _sunday(year: int, month: int, nth: int, days: int) -> datetime:
    """The nth Sunday of a month; the last one, if that month has 31 days and `days` says so."""
    last = datetime(year, month, 31 if days == 31 else 7 * nth, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)
