"""Machines of the services: how many, of which type, with which variant, paid by the hour or the year."""

import math
from collections import Counter

from prices import HOURS

HEADROOM = 1.14  # the worst hour of a month was never further above the worst of the 35 days before it
FEWEST = 2


def findings(fleet):
    """All services at once, since the running commitment is for all of them and is paid anyway."""
    running, types = fleet["running"], {each["type"]: each for each in fleet["types"]}
    price = {name: each["usd_per_hour"] * HOURS for name, each in types.items()}
    committed = {each["type"]: price[each["type"]] * (1 - each["discount"]) for each in fleet["offers"]}
    committed.pop(running["type"], None)  # it has its commitment

    def paid(count):
        return max(0, count - running["count"]) * price[running["type"]]

    # The cheapest way for the services so far, for each number of machines of the running type that they use.
    ways = {0: (0.0, [])}
    for service in fleet["services"]:
        longer = {}
        for kind, variant, count in choices(service, types.values()):
            each = committed.get(kind, price[kind]) if lasts(service, fleet["month"]) else price[kind]
            for used, (usd, chosen) in ways.items():
                runs = used + (count if kind == running["type"] else 0)
                total = usd + (paid(runs) - paid(used) if kind == running["type"] else count * each)
                if runs not in longer or total < longer[runs][0]:
                    longer[runs] = total, [*chosen, (service, kind, variant, count)]
        ways = longer
    usd, chosen = min(ways.values(), key=lambda way: way[0])

    actions, commitments = [], Counter()
    for service, kind, variant, count in chosen:
        actions.append({"resource": service["name"], "action": "resize", "type": kind, "count": count})
        actions.append({"resource": service["name"], "action": "variant", "variant": variant})
        if kind in committed and lasts(service, fleet["month"]):
            commitments[kind] += count
    actions += [{"resource": kind, "action": "commit", "count": count} for kind, count in commitments.items()]

    now = Counter()
    for service in fleet["services"]:
        now[service["type"]] += service["count"]
    before = sum(paid(count) if kind == running["type"] else count * price[kind] for kind, count in now.items())
    yield actions, before - usd


def choices(service, types):
    """Of each type that holds a good enough variant: the one with the least work, and how many machines carry it."""
    good = [each for each in service["variants"] if each["accuracy"] >= service["accuracy_floor"]]
    for kind in types:
        fit = [each for each in good if each["memory_gb"] <= kind["memory_gb"]]
        if fit:
            variant = min(fit, key=lambda each: each["work"])
            load = max(service["demand"]) * HEADROOM * variant["work"]
            yield kind["type"], variant["variant"], max(FEWEST, math.ceil(load / kind["units"]))


def lasts(service, month):
    """Whether it is there for all of a commitment's twelve months."""
    return service["retires"] is None or service["retires"] >= f"{int(month[:4]) + 1}{month[4:]}"
