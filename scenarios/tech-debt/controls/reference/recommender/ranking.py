"""Which parts the page shows, and in which order."""

from datetime import date, timedelta

from scores import score

SHOWN, OWN_BRAND, HEAVY_G, CLOSE_H = 10, "Marrow", 5000, 72


def shown(parts, basket, asked, day, settings):
    """The parts to be shown, the best first."""
    found = [part for id, part in parts.items() if id not in asked and allowed(part, settings)]
    if settings["close_of_month"] and last_of_month(day):
        found = [part for part in found if part["lead_h"] <= CLOSE_H]
    found.sort(key=lambda part: (-score(part, basket, settings), part["part"]))
    if settings["own_brand_first"]:
        found.sort(key=lambda part: part["maker"] != OWN_BRAND)
    if settings["heavy_last"]:
        found.sort(key=lambda part: part["weight_g"] > HEAVY_G)
    if settings["one_per_maker"]:
        found = first_of_each_maker(found)
    return found[:SHOWN]


def allowed(part, settings):
    """Whether a part may be shown at all."""
    return part["stock"] >= settings["min_stock"] and part["price"] <= settings["max_price"]


def last_of_month(day):
    """Whether finance closes its books this evening."""
    return (date.fromisoformat(day) + timedelta(days=1)).day == 1


def first_of_each_maker(parts):
    """The best part of each maker."""
    first = {}
    for part in parts:
        first.setdefault(part["maker"], part)
    return list(first.values())
