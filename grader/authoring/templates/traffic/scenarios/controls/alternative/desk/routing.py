"""Which team looks after which customers, by the first letter of the name."""

from bisect import bisect_left

LAST = ["f", "m", "s", "z"]
TEAMS = ["amber", "blue", "coral", "dune"]


def team_for(customer: str) -> str:
    """The team of a customer."""
    return TEAMS[bisect_left(LAST, customer[0].lower())]
