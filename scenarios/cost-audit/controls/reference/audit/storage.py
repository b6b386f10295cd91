"""Stores: the cheapest class from which they can be read in time, as often as they will be read."""

from prices import storage_class


def decided(fleet):
    """The class of each store; None for what goes."""
    return {each["name"]: None if may_go(fleet, each) else _cheapest(fleet, each) for each in fleet["stores"]}


def may_go(fleet, store):
    """No hold, its term over, nobody reads it."""
    return not store["hold"] and store["kept_until"] < fleet["month"] and not any(store["read_gb"])


def _cheapest(fleet, store):
    able = [each for each in fleet["classes"] if each["readable_in_hours"] <= store["readable_within_hours"]]
    return min((each["class"] for each in able), key=lambda name: cost(fleet, store, name))


def cost(fleet, store, name):
    """USD of a month, with the reads that are to be expected: as a year ago, or as of late."""
    if name is None:
        return 0.0
    kind, read = storage_class(fleet, name), store["read_gb"]
    expected = max(read[0], sum(read[-3:]) / 3) if all(read) else read[0]
    return store["gb"] * kind["usd_per_gb"] + expected * kind["usd_per_gb_read"]
