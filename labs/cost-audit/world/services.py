"""Services: how many machines of which type carry next month's demand, and what commitments take off their price."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from plans import After, Fleet, Thing

HOURS = 720  # of a month, which has 30 days
HISTORY = 840  # hours of demand that a fleet shows: 35 days
LEAST = 2  # machines of a service
TERM = 12  # months of a commitment

SIZES = (("small", 1, (4, 6, 8, 12)), ("medium", 2, (14, 16, 24)), ("large", 4, (28, 32, 48)))  # times the units, GB


def drawn_types(rng: random.Random, names: Sequence[str]) -> list[Thing]:
    """Two generations of three sizes; the older one costs more for the same work."""
    base, price = rng.randint(90, 150), rng.uniform(0.0013, 0.0018)
    memory = {size: rng.choice(gb) for size, _, gb in SIZES}
    types = []
    for generation, (units, dear) in zip(names, ((1.0, 1.0), (0.9, 1.2)), strict=True):
        for size, times, _ in SIZES:
            can = round(base * units * times)
            cost = round(can * price * dear * rng.uniform(0.8, 1.2), 3)
            name = f"{generation}.{size}"
            types.append({"type": name, "units": can, "memory_gb": memory[size], "usd_per_hour": cost})
    rng.shuffle(types)
    return types


def drawn_commitments(
    rng: random.Random, types: Sequence[Thing], services: Sequence[Thing]
) -> tuple[Thing, list[Thing]]:
    """One type that is committed to already, for a small part of what is paid now; offers for all others."""
    prices = {each["type"]: each["usd_per_hour"] for each in types}
    used = {name: sum(each["count"] for each in services if each["type"] == name) for name in prices}
    bill = sum(prices[name] * count for name, count in used.items())
    held = rng.choice([name for name, count in used.items() if count * prices[name] > 0.1 * bill])
    price = prices[held]
    count = max(1, round(bill * rng.uniform(0.04, 0.08) / price))
    running = {"type": held, "count": count, "usd_per_month": round(count * price * HOURS * rng.uniform(0.6, 0.7), 2)}
    others = [each["type"] for each in types if each["type"] != held]
    return running, [{"type": name, "months": TERM, "discount": round(rng.uniform(0.12, 0.36), 2)} for name in others]


def drawn_service(
    rng: random.Random,
    hidden: random.Random,
    types: Sequence[Thing],
    first: int,
    months_ahead: Callable[..., str],
    level: float,
    loose: float,
) -> tuple[Thing, int]:
    """A service, more or less too large; and the worst hour of its next month.

    `first` is the weekday of the month's first day. Once in 30 days comes an afternoon of six hours that is not like
    others; the 35 days of history show it once.
    """
    shape = {
        "level": level,
        "growth": min(0.115, rng.uniform(0, 0.16)),  # the most is drawn often
        "weekend": rng.uniform(0.2, 1.0),
        "night": rng.uniform(0.05, 0.9),
        "narrow": rng.choice((1, 2)),
        "factor": rng.uniform(1.5, 2.3),
        "odd_day": rng.choice([day for day in range(1, 25) if (first + day) % 7 in (2, 3, 4)]),
    }
    history = _demand(rng, shape, first, -HISTORY // 24, HISTORY // 24)
    peak = max(_demand(hidden, shape, first, 0, HOURS // 24))
    variants, floor = _variants(rng)
    now = variants[1] if variants[1]["accuracy"] >= floor and rng.random() < 0.5 else variants[0]
    fit = [each for each in types if each["memory_gb"] >= now["memory_gb"]]
    kind = rng.choice(fit)
    count = max(LEAST + 1, math.ceil(peak * now["work"] / kind["units"] * rng.uniform(1.0, 1.05) * loose))
    ends = rng.choices((None, (1, 11), (12, 20)), (5, 4, 1))[0]
    retires = ends and months_ahead(rng.randint(*ends))
    rng.shuffle(variants)
    return {
        "type": kind["type"], "count": count, "variant": now["variant"], "variants": variants,
        "accuracy_floor": floor, "retires": retires, "demand": history,
    }, peak  # fmt: skip


def _demand(rng: random.Random, shape: Thing, first: int, begin: int, days: int) -> list[int]:
    """Work units in each hour of so many days from day `begin`; the month's first day is day 0."""
    noise = np.random.default_rng(rng.getrandbits(64)).normal(0, 0.008, days * 24).clip(-0.008, 0.008)
    hour = np.arange(days * 24) + begin * 24
    day, clock = hour // 24, hour % 24
    busy = shape["night"] + (1 - shape["night"]) * np.sin(np.pi * ((clock - 4) % 24) / 24) ** (2 * shape["narrow"])
    week = np.where((first + day) % 7 >= 5, shape["weekend"], 1.0)
    odd = np.where((day % 30 == shape["odd_day"]) & (clock >= 13) & (clock < 19), shape["factor"], 1.0)
    grown = (1 + shape["growth"]) ** (hour / HOURS)
    found: list[int] = np.round(shape["level"] * busy * week * odd * grown * np.exp(noise)).astype(int).tolist()
    return found


def _variants(rng: random.Random) -> tuple[list[Thing], float]:
    """The model in four forms, the first the dearest; and the accuracy that was agreed with those who use it."""
    best, memory = rng.uniform(0.86, 0.95), rng.uniform(9, 26)
    lost = (0.0, rng.uniform(0.001, 0.004), rng.uniform(0.008, 0.02), rng.uniform(0.03, 0.07))
    work = (1.0, rng.uniform(0.52, 0.75), rng.uniform(0.28, 0.5), rng.uniform(0.14, 0.27))
    takes = (1.0, rng.uniform(0.5, 0.7), rng.uniform(0.3, 0.45), 0.25)
    names = (f"full-{rng.randint(1, 9)}", "half", "int8", f"slim-{rng.randint(1, 9)}")
    variants: list[Thing] = [
        {
            "variant": name,
            "work": round(much, 2),
            "memory_gb": round(memory * share, 1),
            "accuracy": round(best - less, 3),
        }
        for name, much, share, less in zip(names, work, takes, lost, strict=True)
    ]
    least = rng.choices((0, 1, 2, 3), (12, 28, 42, 18))[0]
    below = variants[least + 1]["accuracy"] if least < 3 else variants[3]["accuracy"] - 0.02
    floor = round(rng.uniform(below + 0.0011, variants[least]["accuracy"]), 3)
    return variants, min(floor, variants[least]["accuracy"])


def cost(fleet: Fleet, after: After) -> float:
    """USD of next month for all services: what no commitment covers, and all commitments."""
    prices = {each["type"]: each["usd_per_hour"] for each in fleet["types"]}
    discounts = {each["type"]: each["discount"] for each in fleet["offers"]}
    used, lasting = dict.fromkeys(prices, 0), dict.fromkeys(prices, 0)
    for service in fleet["services"]:
        kind, count, _ = after.services[service["name"]]
        used[kind] += count
        if lasts(fleet, service):
            lasting[kind] += count
    hourly = 0.0
    for kind, price in prices.items():
        committed, held = after.committed.get(kind, 0), _held(fleet, kind)
        hourly += price * max(0, used[kind] - min(committed, lasting[kind]) - held)
        hourly += price * (1 - discounts.get(kind, 0)) * committed
    return float(hourly * HOURS + fleet["running"]["usd_per_month"])


def taken_off(fleet: Fleet, after: After) -> tuple[float, float]:
    """USD that commitments take off the bill of services as a plan leaves them, and the most that any could."""
    lasting = dict.fromkeys((each["type"] for each in fleet["offers"]), 0)
    for service in fleet["services"]:
        kind, count, _ = after.services[service["name"]]
        if kind in lasting and lasts(fleet, service):
            lasting[kind] += count
    without = cost(fleet, replace(after, committed={}))
    return without - cost(fleet, after), without - cost(fleet, replace(after, committed=lasting))


def lasts(fleet: Fleet, service: Thing) -> bool:
    """Whether a service is there for the whole term of a commitment that begins with the month."""
    return service["retires"] is None or service["retires"] >= f"{int(fleet['month'][:4]) + 1}{fleet['month'][4:]}"


def harm(fleet: Fleet, after: After, service: Thing, peak: int) -> str:
    """Why a service does not carry its next month; empty if it does."""
    kind, count, variant = after.services[service["name"]]
    machine = next(each for each in fleet["types"] if each["type"] == kind)
    form = next(each for each in service["variants"] if each["variant"] == variant)
    if form["accuracy"] < service["accuracy_floor"]:
        return f"{variant} has accuracy {form['accuracy']}, {service['accuracy_floor']} was agreed"
    if form["memory_gb"] > machine["memory_gb"]:
        return f"{variant} needs {form['memory_gb']} GB, {kind} has {machine['memory_gb']}"
    if count < LEAST:
        return f"{count} machine, {LEAST} is the least"
    can, needs = count * machine["units"], peak * form["work"]
    return "" if needs <= can else f"{count} x {kind} do {can} units an hour, the worst hour needs {needs:.0f}"


def best(fleet: Fleet, peaks: Mapping[str, int]) -> tuple[float, float]:
    """The least that services can cost next month without harm, and what commitments take off there: exact, over all
    types, forms and commitments."""
    held = fleet["running"]["count"]
    left = {0: (0.0, 0.0)}  # held machines that are in use: least USD an hour of everything else, and taken off
    for service in fleet["services"]:
        choices = _choices(fleet, service, peaks[service["name"]])
        now: dict[int, tuple[float, float]] = {}
        for used, (spent, off) in left.items():
            for kind, count, each, less in choices:
                free = min(count, held - used) if kind == fleet["running"]["type"] else 0
                at, costs = used + free, (spent + (count - free) * each, off + count * less)
                now[at] = min(costs, now.get(at, costs))
        left = now
    spent, off = min(left.values())
    return spent * HOURS + fleet["running"]["usd_per_month"], off * HOURS


def _choices(fleet: Fleet, service: Thing, peak: int) -> list[tuple[str, int, float, float]]:
    """For each type the fewest machines that carry a service, what one costs an hour, and what a commitment, where it
    pays, takes off that."""
    discounts = {each["type"]: each["discount"] for each in fleet["offers"]} if lasts(fleet, service) else {}
    sound = [each for each in service["variants"] if each["accuracy"] >= service["accuracy_floor"]]
    choices = []
    for kind in fleet["types"]:
        work = [each["work"] for each in sound if each["memory_gb"] <= kind["memory_gb"]]
        if work:
            count = max(LEAST, math.ceil(peak * min(work) / kind["units"]))
            off = kind["usd_per_hour"] * discounts.get(kind["type"], 0)
            choices.append((kind["type"], count, kind["usd_per_hour"] - off, off))
    return choices


def _held(fleet: Fleet, kind: str) -> int:
    return fleet["running"]["count"] if fleet["running"]["type"] == kind else 0
