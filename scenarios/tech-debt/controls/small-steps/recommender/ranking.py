"""Which parts the page shows, and in which order."""

import calendars
import columns
import scoring

SHOWN = 10
OWN_BRAND = "Marrow"
HEAVY_G = 5000


def recommend(parts, asked, date, settings):
    """The parts to be shown, the best first; and what is known of the basket."""
    basket = [parts[number] for number in asked if number in parts]
    shown = [part for part in parts.values() if part[columns.PART] not in asked and allowed(part, date, settings)]
    scores = {part[columns.PART]: scoring.page_score(part, basket, settings) for part in shown}
    shown.sort(key=lambda part: (-scores[part[columns.PART]], part[columns.PART]))
    return by_house_rules(shown, settings)[:SHOWN], basket


def allowed(part, date, settings):
    """Whether a part may be shown at all."""
    if settings["close_of_month"] and calendars.last_of_month(date) and not calendars.ships_before_close(part):
        return False
    return part[columns.STOCK] >= settings["min_stock"] and part[columns.PRICE] <= settings["max_price"]


def by_house_rules(parts, settings):
    """Some shops move what is theirs, or what is heavy; a push with both is refused."""
    if settings["own_brand_first"]:
        parts = sorted(parts, key=lambda part: part[columns.MAKER] != OWN_BRAND)
    if settings["heavy_last"]:
        parts = sorted(parts, key=lambda part: part[columns.WEIGHT] > HEAVY_G)
    if settings["one_per_maker"]:
        parts = one_of_each(parts)
    return parts


def one_of_each(parts):
    """The first part of each maker."""
    first = {}
    for part in parts:
        first.setdefault(part[columns.MAKER], part)
    return list(first.values())
