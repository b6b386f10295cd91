"""Machines that hardly do anything: which of them are there for a reason."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from plans import After, Fleet, Thing

HOURS = 720  # of a month, which has 30 days
COUNT = 7  # four of them needed


def drawn_machines(
    rng: random.Random, names: Sequence[str], fleet: Fleet, months_ahead: Callable[..., str], stranger: str
) -> list[Thing]:
    """Four that are needed, two of them since they protect something, and three that are not.

    Whoever depends on a machine says so itself: `depends_on` of a service or a training. `stranger` is the name
    of something that the fleet has no more.
    """
    price = rng.uniform(1.5, 5.0)
    machines = [
        {
            "name": name, "owner": rng.choice(("billing", "fields", "imagery", "platform", "research", "sales")),
            "used": round(rng.uniform(0, 0.03), 3), "usd_per_hour": round(price * rng.uniform(0.9, 1.1), 2),
            "protects": None, "next_run": None,
        }
        for name in names
    ]  # fmt: skip
    *protectors, depended, runs, plain, dead, later = machines
    for protector, kind in zip(protectors, rng.sample(("services", "trainings", "stores", "flows"), 2), strict=True):
        protector["protects"] = rng.choice(fleet[kind])["name"]
    rng.choice(fleet[rng.choice(("services", "trainings"))])["depends_on"].append(depended["name"])
    runs["next_run"] = months_ahead(0, rng.randint(1, 28))
    dead["protects"] = stranger
    later["next_run"] = months_ahead(rng.choice((-12, -5, -2, -1, 1, 2, 4, 12)), rng.randint(1, 28))
    if rng.random() < 0.5:
        plain["next_run"] = months_ahead(rng.choice((-8, -4, -2)), rng.randint(1, 28))
    rng.shuffle(machines)
    return machines


def cost(fleet: Fleet, after: After) -> float:
    """USD of next month."""
    return HOURS * sum(float(each["usd_per_hour"]) for each in fleet["machines"] if each["name"] not in after.stopped)


def needed(fleet: Fleet, machine: Thing) -> str:
    """Why a machine has to be there next month; empty if it has not."""
    name = machine["name"]
    there = {each["name"] for kind in ("services", "trainings", "stores", "flows") for each in fleet[kind]}
    if machine["protects"] in there:
        return f"protects {machine['protects']}"
    for kind in ("services", "trainings"):
        for each in fleet[kind]:
            if name in each["depends_on"]:
                return f"{each['name']} depends on it"
    if machine["next_run"] and machine["next_run"][:7] == fleet["month"][:7]:
        return f"runs on {machine['next_run']}"
    return ""


def best(fleet: Fleet) -> float:
    """The least that machines can cost without harm."""
    return HOURS * sum(float(each["usd_per_hour"]) for each in fleet["machines"] if needed(fleet, each))
