"""The day on which the books are closed."""

from datetime import date, timedelta

import columns

CLOSE_H = 72


def last_of_month(day):
    """Whether the books are closed this evening."""
    return (date.fromisoformat(day) + timedelta(days=1)).day == 1


def ships_before_close(part):
    """What takes longer is booked in a month in which it was not paid for."""
    return part[columns.LEAD] <= CLOSE_H
