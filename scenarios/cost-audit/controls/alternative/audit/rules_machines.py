"""Rules of thumb for whatever computes."""

import math

from prices import machine
from sheet import lasts

PEAK = 1.3
SHORTEST_CHECKPOINT, SLACK, CALM_SLACK, CALM = 2, 2.0, 1.4, 0.005


def service_choice(fleet, service):
    """The lightest sound variant, on the type that has the least price for a unit of work, commitments included."""
    sound = [each for each in service["variants"] if each["accuracy"] >= service["accuracy_floor"]]
    variant = min(sound, key=lambda each: each["work"])
    offers = {each["type"]: each["discount"] for each in fleet["offers"]} if lasts(fleet, service) else {}
    work = max(service["demand"]) * PEAK * variant["work"]
    able = [each for each in fleet["types"] if each["memory_gb"] >= variant["memory_gb"]]
    needs = {each["type"]: max(2, math.ceil(work / each["units"])) for each in able}

    def costs(name):
        return needs[name] * machine(fleet, name)["usd_per_hour"] * (1 - offers.get(name, 0))

    kind = min(needs, key=costs)
    return kind, variant["variant"], needs[kind]


def training_choice(fleet, training):
    """Spot only with close checkpoints and twice the time; the calm pool with some, or with twice the time."""
    slack = training["deadline_hours"] / training["hours"]
    by_price = sorted(fleet["pools"], key=lambda each: each["usd_per_hour"])
    if training["checkpoint_hours"] and training["checkpoint_hours"] <= SHORTEST_CHECKPOINT and slack >= SLACK:
        return by_price[0]["pool"]
    calm = [each for each in by_price if each["interruptions_per_hour"] <= CALM]
    close = training["checkpoint_hours"] and training["checkpoint_hours"] <= SHORTEST_CHECKPOINT
    return calm[0]["pool"] if close or slack >= (CALM_SLACK if training["checkpoint_hours"] else SLACK) else "on-demand"


def machine_stays(fleet, machine_):
    """Somebody in the fleet needs it, or it runs in the month."""
    names = {each["name"] for kind in ("services", "trainings", "stores", "flows") for each in fleet[kind]}
    wanted = {name for each in fleet["services"] + fleet["trainings"] for name in each["depends_on"]}
    this_month = (machine_["next_run"] or "")[:7] == fleet["month"][:7]
    return machine_["protects"] in names or machine_["name"] in wanted or this_month
