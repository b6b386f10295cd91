"""A first step from a grid of hours and shares: the shortest that is within all bounds, with room on both sides."""

SHARES = [share / 1000 for share in range(5, 500)]
ROOM = 1.2


def first_step(most_hours: int, most_share: float, least: float, most: float) -> tuple[float, int]:
    for room in (ROOM, 1.0):
        for hours in range(1, most_hours + 1):
            fit = [share for share in SHARES if least * room <= share * hours <= most / room]
            if small := [share for share in fit if share <= most_share / room]:
                return small[0], hours
    return SHARES[0], most_hours
