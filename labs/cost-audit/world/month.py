"""Next month: the bill by category, what could have been saved, and whom a plan hurts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import flows
import machines
import plans
import services
import stores
import trainings
from fleet import Hidden
from plans import After, Fleet, Thing

ENOUGH = 0.75  # of what could be saved in a category
CHEAPEST = 0.25  # of what commitments take off in the cheapest plan
FORECAST = 0.02  # of what is saved
CATEGORIES = ("compute", "trainings", "stores", "flows", "machines")


def bill(fleet: Fleet, hidden: Hidden, after: After) -> dict[str, float]:
    """USD of next month by category."""
    return {
        "compute": services.cost(fleet, after),
        "trainings": trainings.cost(fleet, after),
        "stores": stores.cost(fleet, after, hidden.reads),
        "flows": flows.cost(fleet, after),
        "machines": machines.cost(fleet, after),
    }


def least(fleet: Fleet, hidden: Hidden) -> dict[str, float]:
    """The least that each category can cost without harm to anybody, next month known."""
    return {
        "compute": services.best(fleet, hidden.peaks)[0],
        "trainings": trainings.best(fleet),
        "stores": stores.best(fleet, hidden.reads),
        "flows": flows.best(fleet),
        "machines": machines.best(fleet),
    }


def judged(fleet: Fleet, hidden: Hidden, plan: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """All that is to be told of a plan: (aspect, word, note), each aspect as often as it is asked."""
    after = plans.carried_out(fleet, plan["actions"])
    was, now, could = (bill(fleet, hidden, plans.before(fleet)), bill(fleet, hidden, after), least(fleet, hidden))
    for name in CATEGORIES:
        saved, most = round(was[name] - now[name]), round(was[name] - could[name])
        yield "saving", _word(saved >= ENOUGH * most), f"{name}: {saved} of {most} USD that could be saved"
    saved, most, cheapest = commitments(fleet, hidden, after)
    note = f"commitments: {saved} of {most} USD that could be saved, {cheapest} in the cheapest plan"
    yield "saving", _word(saved >= max(ENOUGH * most, CHEAPEST * cheapest)), note
    yield from harms(fleet, hidden, after)
    saved, said = round(sum(was.values()) - sum(now.values())), plan["saving_usd"]
    right = abs(said - saved) <= FORECAST * abs(saved)
    yield "forecast", _word(right), f"said {said:.0f} USD, saved {saved}"


def commitments(fleet: Fleet, hidden: Hidden, after: After) -> tuple[int, int, int]:
    """USD that they take off the bill of services: in this plan, at most with these services, and in the cheapest."""
    saved, most = services.taken_off(fleet, after)
    return round(saved), round(most), round(services.best(fleet, hidden.peaks)[1])


def harms(fleet: Fleet, hidden: Hidden, after: After) -> Iterator[tuple[str, str, str]]:
    """What becomes of each service, training, store, flow, and of each machine that is needed."""
    for service in fleet["services"]:
        yield _harm("kept", service, services.harm(fleet, after, service, hidden.peaks[service["name"]]))
    for training in fleet["trainings"]:
        yield _harm("finished", training, trainings.harm(fleet, after, training))
    for store in fleet["stores"]:
        yield _harm("restored", store, stores.harm(fleet, after, store))
    for flow in fleet["flows"]:
        yield _harm("resident", flow, flows.harm(fleet, after, flow))
    for machine in fleet["machines"]:
        if why := machines.needed(fleet, machine):
            yield _harm("standing", machine, why if machine["name"] in after.stopped else "")


def _harm(aspect: str, resource: Thing, why: str) -> tuple[str, str, str]:
    return aspect, _word(not why), f"{resource['name']}: {why}" if why else resource["name"]


def _word(good: bool) -> str:
    return "right" if good else "wrong"
