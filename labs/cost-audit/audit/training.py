"""Trainings that need no machines of their own."""

from prices import pool


def findings(fleet):
    """The cheapest pool for each: a training that is interrupted goes on later, nobody waits for it."""
    cheapest = min(fleet["pools"], key=lambda each: each["usd_per_hour"])
    for each in fleet["trainings"]:
        less = pool(fleet, each["pool"])["usd_per_hour"] - cheapest["usd_per_hour"]
        if less > 0:
            action = {"resource": each["name"], "action": "pool", "pool": cheapest["pool"]}
            yield action, less * each["hours"] * each["machines"] * each["runs"]
