"""Machines that do nothing."""

from prices import HOURS

IDLE = 0.05  # of a machine, on average


def findings(fleet):
    """Stop what is used less than that."""
    for each in fleet["machines"]:
        if each["used"] < IDLE:
            yield {"resource": each["name"], "action": "stop"}, each["usd_per_hour"] * HOURS
