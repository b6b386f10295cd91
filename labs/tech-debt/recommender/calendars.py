"""Days on which things are different."""

from datetime import date, timedelta

import columns

CLOSE_H = 72
WINTER, SUMMER = "winter", "summer"


def last_of_month(day):
    """Whether the books are closed this evening."""
    return (date.fromisoformat(day) + timedelta(days=1)).day == 1


def ships_before_close(row):
    """What takes longer is booked in a month in which it was not paid for."""
    return row[columns.LEAD] <= CLOSE_H


def season_of(day):
    """Winter is from November to March."""
    month = date.fromisoformat(day).month
    return WINTER if month >= 11 or month <= 3 else SUMMER


def season_factor(row, day):
    """Heavy parts are for tractors, and tractors are mended in winter."""
    if season_of(day) == WINTER and row[columns.WEIGHT] > 1000:
        return 1.2
    if season_of(day) == SUMMER and row[columns.WEIGHT] <= 1000:
        return 1.1
    return 1.0
