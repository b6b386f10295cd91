"""Next month's bill of a fleet, for whatever is chosen for each of its things.

A choice is what one resource is next month:
  service   (type, count, variant)
  training  pool
  store     class, or None when it is deleted
  flow      (zone it is read in, whether it is compressed)
  machine   whether it is there
"""

from collections import Counter

import runs
from book import HOURS

KINDS = ("services", "trainings", "stores", "flows", "machines")


def as_it_is(book):
    """The choices that change nothing."""
    fleet = book.fleet
    return {
        "services": {each["name"]: (each["type"], each["count"], each["variant"]) for each in fleet["services"]},
        "trainings": {each["name"]: each["pool"] for each in fleet["trainings"]},
        "stores": {each["name"]: each["class"] for each in fleet["stores"]},
        "flows": {each["name"]: (each["to"], False) for each in fleet["flows"]},
        "machines": {each["name"]: True for each in fleet["machines"]},
        "commitments": {},
    }


def best_commitments(book, placed):
    """For each type on offer: the machines that last and that nothing pays for already."""
    commitments = {}
    for kind, offer in book.offers.items():
        total = lasting = 0
        for service in book.fleet["services"]:
            if placed[service["name"]][0] == kind:
                count = placed[service["name"]][1]
                total += count
                lasting += count if book.lasts(service, offer["months"]) else 0
        count = min(lasting, total - book.running.get(kind, 0))
        if count > 0 and offer["discount"] > 0:
            commitments[kind] = count
    return commitments


def services_usd(book, placed, commitments):
    """Machines by the hour, what was committed to, and last year's commitment."""
    total, lasting = Counter(), Counter()
    for service in book.fleet["services"]:
        kind, count, _ = placed[service["name"]]
        total[kind] += count
        if kind in book.offers and book.lasts(service, book.offers[kind]["months"]):
            lasting[kind] += count
    usd = book.running_usd
    for kind, count in commitments.items():
        usd += count * (1 - book.offers[kind]["discount"]) * book.types[kind]["usd_per_hour"] * HOURS
        total[kind] -= min(count, lasting[kind])
    for kind, count in total.items():
        usd += max(0, count - book.running.get(kind, 0)) * book.types[kind]["usd_per_hour"] * HOURS
    return usd


def training_usd(book, training, pool):
    """Machines and hours until it is done, on average over what may happen."""
    _, hours = runs.in_pool(training, book.pools[pool])
    return hours * training["machines"] * training["runs"] * book.pools[pool]["usd_per_hour"]


def expected_read(store):
    """Read each month: about the mean of the year. Else what was read in this month a year ago."""
    read = store["read_gb"]
    return sum(read) / len(read) if all(read) else read[0]


def store_usd(book, store, name):
    """What it costs to be there, and to be read."""
    if name is None:
        return 0.0
    kind = book.classes[name]
    return store["gb"] * kind["usd_per_gb"] + expected_read(store) * kind["usd_per_gb_read"]


def flow_usd(book, flow, choice):
    """The way, for fewer GB if they are compressed first."""
    zone, compressed = choice
    each = book.transfer(flow["from"], zone)
    if compressed:
        each = each * flow["compresses_to"] + book.fleet["transfer"]["compression"]
    return flow["gb"] * each


def machine_usd(book, machine, there):
    """By the hour, however little it does."""
    return machine["usd_per_hour"] * HOURS if there else 0.0


ALONE = {"trainings": training_usd, "stores": store_usd, "flows": flow_usd, "machines": machine_usd}


def usd(book, choices):
    """The whole bill."""
    whole = services_usd(book, choices["services"], choices["commitments"])
    for kind, price in ALONE.items():
        whole += sum(price(book, each, choices[kind][each["name"]]) for each in book.fleet[kind])
    return whole
