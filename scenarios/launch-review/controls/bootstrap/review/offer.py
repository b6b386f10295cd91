"""A first step from a grid of hours and shares: the shortest that is within all bounds, with room on both sides."""

SHARES = [share / 200 for share in range(1, 101)]
ROOM = 1.25


def first_step(most_share: float, least: float, most: float) -> tuple[float, int]:
    for room in (ROOM, 1.0):
        for hours in range(1, 25):
            fit = [share for share in SHARES if least * room <= share * hours <= most / room]
            if small := [share for share in fit if share <= min(most_share / room, 0.3)]:
                return small[0], hours
    return SHARES[0], 24
