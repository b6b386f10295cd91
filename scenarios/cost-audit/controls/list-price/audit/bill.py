"""What each action saves by itself, at list price, and all of them together."""

import storage
import training
from prices import HOURS, machine, transfer


def savings(fleet, decided):
    """USD of a month: the sum over all actions."""
    trainings, stores = fleet["trainings"], fleet["stores"]
    stopped = [each for each in fleet["machines"] if each["name"] in decided["stopped"]]
    return (
        sum(_service(fleet, each, *decided["services"][each["name"]]) for each in fleet["services"])
        + sum(_commitment(fleet, kind, count) for kind, count in decided["committed"].items())
        + sum(_less(training.cost, fleet, each, each["pool"], decided["pools"][each["name"]]) for each in trainings)
        + sum(_less(storage.cost, fleet, each, each["class"], decided["classes"][each["name"]]) for each in stores)
        + sum(_flow(fleet, each, *decided["flows"][each["name"]]) for each in fleet["flows"])
        + sum(each["usd_per_hour"] * HOURS for each in stopped)
    )


def _less(cost, fleet, resource, now, then):
    return cost(fleet, resource, now) - cost(fleet, resource, then)


def _service(fleet, service, kind, count, variant):
    """A smaller fleet, and a lighter model."""
    work = {each["variant"]: each["work"] for each in service["variants"]}
    now = service["count"] * machine(fleet, service["type"])["usd_per_hour"] * HOURS
    then = count * machine(fleet, kind)["usd_per_hour"] * HOURS
    return now - then + now * (1 - work[variant] / work[service["variant"]])


def _commitment(fleet, kind, count):
    discount = next(each["discount"] for each in fleet["offers"] if each["type"] == kind)
    return count * machine(fleet, kind)["usd_per_hour"] * HOURS * discount


def _flow(fleet, flow, zone, compressed):
    """Another place, and fewer bytes."""
    now = transfer(fleet, flow["from"], flow["to"])
    fewer = now * (1 - flow["compresses_to"]) if compressed else 0
    return flow["gb"] * (now - transfer(fleet, flow["from"], zone) + fewer)
