"""Which choices hurt nobody. The fleet as it is hurts nobody, so that is always among them."""

import math

import runs

WORST = 1.14  # of the worst hour seen: never more in two years of records
IN_TIME = 0.992  # of runs; 0.99 was promised


def service(book, each):
    """For each type, the fewest machines of each variant that is good enough: for the worst hour that may come."""
    yield each["type"], each["count"], each["variant"]
    worst = max(each["demand"]) * WORST
    for kind in book.types.values():
        for variant in each["variants"]:
            if variant["accuracy"] >= each["accuracy_floor"] and variant["memory_gb"] <= kind["memory_gb"]:
                count = max(2, math.ceil(worst * variant["work"] / kind["units"]))
                yield kind["type"], count, variant["variant"]


def training(book, each):
    """The pools in which its runs are done by the deadline."""
    yield each["pool"]
    for name, pool in book.pools.items():
        if runs.in_pool(each, pool)[0] >= IN_TIME:
            yield name


def store(book, each):
    """The classes that can be read soon enough; None where it may be deleted."""
    yield each["class"]
    for name, kind in book.classes.items():
        if kind["readable_in_hours"] <= each["readable_within_hours"]:
            yield name
    if not each["hold"] and each["kept_until"] < book.month and not any(each["read_gb"]):
        yield None


def flow(book, each):
    """The zones in which the law lets it be read, compressed or not."""
    zones = [each["to"]]
    if each["to"] != "internet":
        zones += [zone for zone, region in book.zones.items() if region in each["may_stand_in"]]
    for zone in zones:
        yield zone, False
        yield zone, True


def machine(book, each):
    """It may go when it protects nothing, nothing depends on it, and it does not run next month."""
    yield True
    others = [other for kind in ("services", "trainings", "stores", "flows") for other in book.fleet[kind]]
    protects = any(each["protects"] == other["name"] for other in others)
    wanted = any(each["name"] in other.get("depends_on", ()) for other in others)
    runs_then = each["next_run"] is not None and each["next_run"][:7] == book.month[:7]
    if not (protects or wanted or runs_then):
        yield False


OF = {"services": service, "trainings": training, "stores": store, "flows": flow, "machines": machine}


def options(book, kind, each):
    """All safe choices for one thing of the fleet, each once, the present one first."""
    return list(dict.fromkeys(OF[kind](book, each)))
