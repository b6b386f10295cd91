"""Which team looks after which customers, by the first letter of the name."""

TEAMS = ["amber", "blue", "coral", "dune"]
SHARE = 26 // len(TEAMS)

TABLE = {chr(ord("a") + number * SHARE + offset): team for number, team in enumerate(TEAMS) for offset in range(SHARE)}


def team_for(customer: str) -> str:
    """The team of a customer."""
    return TABLE[customer[0].lower()]
