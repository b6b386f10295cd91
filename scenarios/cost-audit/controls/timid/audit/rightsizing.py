"""How many of its machines each service needs at most: twice what its worst hour took."""

import math

from prices import machine

HEADROOM = 2


def decided(fleet):
    """Of each service type, count and variant: only the count is ever less."""
    found = {}
    for service in fleet["services"]:
        kind = machine(fleet, service["type"])
        variant = next(each for each in service["variants"] if each["variant"] == service["variant"])
        count = max(2, math.ceil(max(service["demand"]) * HEADROOM * variant["work"] / kind["units"]))
        found[service["name"]] = (service["type"], min(count, service["count"]), service["variant"])
    return found
