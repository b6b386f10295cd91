"""Which parts a page shows, and in which order: two tables of the rules of the house."""

from datetime import date, timedelta
from typing import NamedTuple

from scoring import PAGE, score

SHOWN = 10
CLOSE_H = 72
HEAVY_G = 5000
OWN_BRAND = "Marrow"


class Page(NamedTuple):
    """What is asked."""

    asked: list
    date: str
    settings: dict


def ships_before_close(part, page):
    """On the last day of a month: what takes longer is booked in a month in which it was not paid for."""
    if (date.fromisoformat(page.date) + timedelta(days=1)).day != 1:
        return True
    return part.lead_h <= CLOSE_H


# flag (None: always) and which parts stay
STAYS = [
    (None, lambda part, page: part.part not in page.asked),
    (None, lambda part, page: part.stock >= page.settings["min_stock"]),
    (None, lambda part, page: part.price <= page.settings["max_price"]),
    ("close_of_month", ships_before_close),
]

# flag and which parts go behind the others; never more than one of them is on (settings.NOT_BOTH)
BEHIND = [
    ("own_brand_first", lambda part: part.maker != OWN_BRAND),
    ("heavy_last", lambda part: part.weight_g > HEAVY_G),
]


def shown(parts, basket, page):
    """The parts to be shown, the best first."""
    settings = page.settings
    stays = [rule for flag, rule in STAYS if flag is None or settings[flag]]
    behind = [rule for flag, rule in BEHIND if settings[flag]]
    left = [part for part in parts if all(rule(part, page) for rule in stays)]
    left.sort(
        key=lambda part: (*(rule(part) for rule in behind), -score(PAGE, part, basket, settings), part.part)
    )
    if settings["one_per_maker"]:
        best = {}
        for part in left:
            best.setdefault(part.maker, part)
        left = list(best.values())
    return left[:SHOWN]
