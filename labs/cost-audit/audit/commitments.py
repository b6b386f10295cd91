"""Machines that are paid by the hour and could be paid by the year."""

from prices import HOURS, machine


def findings(fleet):
    """A commitment to all that runs of a type today, for each type on offer."""
    for offer in fleet["offers"]:
        count = sum(each["count"] for each in fleet["services"] if each["type"] == offer["type"])
        if count:
            saving = count * machine(fleet, offer["type"])["usd_per_hour"] * HOURS * offer["discount"]
            yield {"resource": offer["type"], "action": "commit", "count": count}, saving
