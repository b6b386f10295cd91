"""Next month's bill for a fleet, as it is or as it was decided."""

import commitments
import network
import storage
import training
from prices import HOURS


def as_it_is(fleet):
    """The decision to change nothing."""
    return {
        "services": {each["name"]: (each["type"], each["count"], each["variant"]) for each in fleet["services"]},
        "pools": {each["name"]: each["pool"] for each in fleet["trainings"]},
        "classes": {each["name"]: each["class"] for each in fleet["stores"]},
        "flows": {each["name"]: (each["to"], False) for each in fleet["flows"]},
        "stopped": [],
        "committed": {},
    }


def total(fleet, decided):
    """USD of a month."""
    machines = [each for each in fleet["machines"] if each["name"] not in decided["stopped"]]
    return (
        commitments.cost(fleet, decided["services"], decided["committed"])
        + sum(training.cost(fleet, each, decided["pools"][each["name"]]) for each in fleet["trainings"])
        + sum(storage.cost(fleet, each, decided["classes"][each["name"]]) for each in fleet["stores"])
        + sum(network.cost(fleet, each, *decided["flows"][each["name"]]) for each in fleet["flows"])
        + sum(each["usd_per_hour"] * HOURS for each in machines)
    )
