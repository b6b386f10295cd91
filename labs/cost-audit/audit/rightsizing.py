"""Services that have more machines than they use."""

import math
from statistics import fmean

from prices import HOURS, machine

HEADROOM = 1.3  # agreed with operations in January


def findings(fleet):
    """A smaller number of the same machines, wherever fewer do the work."""
    for service in fleet["services"]:
        kind = machine(fleet, service["type"])
        variant = next(each for each in service["variants"] if each["variant"] == service["variant"])
        load = fmean(service["demand"]) * variant["work"]
        count = max(2, math.ceil(load * HEADROOM / kind["units"]))
        if count < service["count"]:
            action = {"resource": service["name"], "action": "resize", "type": service["type"], "count": count}
            yield action, (service["count"] - count) * kind["usd_per_hour"] * HOURS
