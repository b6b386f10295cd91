"""Looks things up in a fleet's price list."""

HOURS = 720  # billed a month


def machine(fleet, name):
    """A machine type: units of work an hour, memory, price."""
    return next(each for each in fleet["types"] if each["type"] == name)


def pool(fleet, name):
    """A pool for trainings."""
    return next(each for each in fleet["pools"] if each["pool"] == name)


def storage_class(fleet, name):
    """A storage class."""
    return next(each for each in fleet["classes"] if each["class"] == name)


def transfer(fleet, begin, end):
    """USD a GB from one zone to another, or out."""
    prices = fleet["transfer"]
    if end == "internet":
        return prices["internet"]
    if begin == end:
        return prices["same_zone"]
    one, other = fleet["zones"][begin], fleet["zones"][end]
    if one == other:
        return prices["same_region"]
    return prices["between"].get(f"{one}|{other}", prices["between"].get(f"{other}|{one}"))
