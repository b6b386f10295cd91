"""The table of rents, as it is each night: overwritten, partly with other flats, and now and then broken."""

from __future__ import annotations

from typing import NamedTuple

from common.names import generator, named

DISTRICTS = ("Altmark", "Brink", "Canal", "Docks", "Eastgate", "Foundry", "Green", "Hill")
DECADES = ("1920", "1950", "1970", "1990", "2010")
MONTHS = tuple(range(1, 13))
ROWS = 480
STAYS_NIGHTS = 6  # a row of the table is another flat after so many nights
CENTS_PER_M2 = (900, 1600)
FEET, YEAR = "feet", "year"
HEADER = "flat,district,built,m2,month,cents"


class Broken(NamedTuple):
    """What a table has wrong: floor space in square feet, or a year's rent for a month's, of one district."""

    how: str
    district: str


def table(seed: int, night: int, broken: Broken | None = None) -> str:
    """The table of a night, as CSV; about 17 KB."""
    rates = {name: generator(seed, "rate", name).randint(*CENTS_PER_M2) for name in DISTRICTS}
    drift = {name: generator(seed, "drift", night, name).uniform(0.93, 1.07) for name in DISTRICTS}
    lines = [HEADER]
    for row in range(ROWS):
        epoch = (night + row) // STAYS_NIGHTS
        rng = generator(seed, "row", row, epoch)
        district, decade = DISTRICTS[row % len(DISTRICTS)], rng.randrange(len(DECADES))
        m2, month = rng.randint(24, 140), rng.choice(MONTHS)
        rate = rates[district] * drift[district] * (0.82 + 0.09 * decade) * (1 + 0.006 * month) * rng.uniform(0.9, 1.1)
        cents = round(m2 * rate)
        if broken is not None and broken.district == district:
            m2, cents = (round(m2 * 10.764), cents) if broken.how == FEET else (m2, cents * 12)
        lines.append(f"{named(seed, 'flat', row, epoch)},{district},{DECADES[decade]},{m2},{month},{cents}")
    return "\n".join(lines) + "\n"
