"""Flows: who reads stands where that is cheapest, of the places where it may; compressed where that pays."""

from itertools import product

from prices import transfer


def decided(fleet):
    """Of each flow where it is read, and whether it is compressed."""
    return {each["name"]: _cheapest(fleet, each) for each in fleet["flows"]}


def _cheapest(fleet, flow):
    zones = [zone for zone, region in fleet["zones"].items() if region in flow["may_stand_in"]]
    if flow["to"] == "internet":
        zones = ["internet"]
    return min(product(zones, (False, True)), key=lambda choice: cost(fleet, flow, *choice))


def cost(fleet, flow, zone, compressed):
    """USD of a month."""
    each = transfer(fleet, flow["from"], zone)
    if compressed:
        each = each * flow["compresses_to"] + fleet["transfer"]["compression"]
    return flow["gb"] * each
