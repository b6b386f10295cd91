"""How bad a report is: by signal, in units of the least trend worth a page, so that 1 more is one."""

from math import log

SIGNALS = ("confidence", "latency", "drain", "memory")
FALL = 0.085
GROWTH = {"latency_ms": log(1.45), "drain": log(1.80), "memory": log(1.17)}
JUST_STARTED = ("updated", "boot")
LEAST = 0.01


def of(report):
    """Of each signal; None where nothing is as usual."""
    if report["event"] in JUST_STARTED:
        return None
    return -report["confidence"] / FALL, *(log(max(report[key], LEAST)) / unit for key, unit in GROWTH.items())
