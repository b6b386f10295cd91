"""Launches that customers have announced."""


def factor(launches, day, tick):
    """How many times as much is to be expected in a tick."""
    for launch in launches:
        if launch["day"] == day and 0 <= tick - launch["tick"] < launch["ticks"]:
            return launch["expected"]
    return 1
