"""Which machines, how many, and which form of the model each service needs in its worst hour."""

import math
from itertools import product

from commitments import lasts

HEADROOM = 1.2  # on top of the worst hour seen: the worst one to come may be 15 % above it


def decided(fleet):
    """Of each service type, count and variant: the cheapest that carry it."""
    free = {fleet["running"]["type"]: fleet["running"]["count"]}  # paid already
    found = {}
    for service in sorted(fleet["services"], key=lambda each: -max(each["demand"])):
        able = list(choices(fleet, service, free))
        _, kind, count, variant = min(able)
        free[kind] = max(0, free.get(kind, 0) - count)
        found[service["name"]] = (kind, count, variant)
    return found


def choices(fleet, service, free):
    """What would carry it, and what each costs an hour."""
    offers = {each["type"]: each["discount"] for each in fleet["offers"]} if lasts(fleet, service) else {}
    worst = max(service["demand"]) * HEADROOM
    for kind, form in product(fleet["types"], service["variants"]):
        name = kind["type"]
        if form["accuracy"] >= service["accuracy_floor"] and form["memory_gb"] <= kind["memory_gb"]:
            count = max(2, math.ceil(worst * form["work"] / kind["units"]))
            paid = max(0, count - free.get(name, 0)) * kind["usd_per_hour"] * (1 - offers.get(name, 0))
            yield paid, name, count, form["variant"]
