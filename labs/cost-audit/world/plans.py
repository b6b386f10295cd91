"""A plan as it was handed in, carried out: what each resource is afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

SHAPE = {"actions": [dict], "saving_usd": float}
MOST_ACTIONS = 400
MOST_MACHINES = 100_000


Thing = dict[str, Any]
"""A service, a store, an action ..., as JSON has it; DETAILS.md says which keys each has."""

Fleet = dict[str, Any]
"""A whole document, lists of these."""


@dataclass
class After:
    """The fleet when a plan was carried out: by name what each resource is then. A class of None: deleted."""

    services: dict[str, tuple[str, int, str]]  # type, count, variant
    pools: dict[str, str]
    classes: dict[str, str | None]
    places: dict[str, str]
    compressed: set[str] = field(default_factory=set)
    stopped: set[str] = field(default_factory=set)
    committed: dict[str, int] = field(default_factory=dict)


def before(fleet: Fleet) -> After:
    """The fleet as it is."""
    return After(
        {each["name"]: (each["type"], each["count"], each["variant"]) for each in fleet["services"]},
        {each["name"]: each["pool"] for each in fleet["trainings"]},
        {each["name"]: each["class"] for each in fleet["stores"]},
        {each["name"]: each["to"] for each in fleet["flows"]},
    )


def carried_out(fleet: Fleet, actions: Sequence[Thing]) -> After:
    """The fleet after all actions in their order; what cannot be done is left out. A later one on the same counts."""
    after = before(fleet)
    for action in actions:
        carry_out(fleet, after, action)
    return after


def carry_out(fleet: Fleet, after: After, action: Thing) -> str:
    """Do one action. Why it cannot be done, or empty."""
    name, verb = action.get("resource"), action.get("action")
    if not isinstance(name, str) or not isinstance(verb, str) or verb not in _VERBS:
        return "no such action"
    kind, key, do = _VERBS[verb]
    found = next((each for each in fleet[kind] if each[key] == name), None)
    if found is None:
        return f"{verb}: not one of the fleet's {kind}"
    return do(fleet, after, found, action) or ""


def _resize(fleet: Fleet, after: After, service: Thing, action: Thing) -> str | None:
    count: Any = action.get("count")
    if action.get("type") not in [each["type"] for each in fleet["types"]]:
        return "no such type"
    if not _whole(count) or count < 1:
        return "count is no whole number from 1"
    after.services[service["name"]] = (action["type"], int(count), after.services[service["name"]][2])
    return None


def _variant(fleet: Fleet, after: After, service: Thing, action: Thing) -> str | None:
    if action.get("variant") not in [each["variant"] for each in service["variants"]]:
        return "no such variant"
    after.services[service["name"]] = (*after.services[service["name"]][:2], action["variant"])
    return None


def _pool(fleet: Fleet, after: After, training: Thing, action: Thing) -> str | None:
    if action.get("pool") not in [each["pool"] for each in fleet["pools"]]:
        return "no such pool"
    after.pools[training["name"]] = action["pool"]
    return None


def _tier(fleet: Fleet, after: After, store: Thing, action: Thing) -> str | None:
    if action.get("class") not in [each["class"] for each in fleet["classes"]]:
        return "no such class"
    if after.classes[store["name"]] is None:
        return "deleted already"
    after.classes[store["name"]] = action["class"]
    return None


def _delete(fleet: Fleet, after: After, store: Thing, action: Thing) -> None:
    after.classes[store["name"]] = None


def _move(fleet: Fleet, after: After, flow: Thing, action: Thing) -> str | None:
    if flow["to"] not in fleet["zones"] or action.get("zone") not in list(fleet["zones"]):
        return "no such zone, or what reads it is not ours to move"
    after.places[flow["name"]] = action["zone"]
    return None


def _compress(fleet: Fleet, after: After, flow: Thing, action: Thing) -> None:
    after.compressed.add(flow["name"])


def _stop(fleet: Fleet, after: After, machine: Thing, action: Thing) -> None:
    after.stopped.add(machine["name"])


def _commit(fleet: Fleet, after: After, offer: Thing, action: Thing) -> str | None:
    if not _whole(action.get("count")) or action["count"] < 0:
        return "count is no whole number"
    after.committed[offer["type"]] = action["count"]
    return None


def _whole(value: object) -> bool:
    return type(value) is int and value <= MOST_MACHINES


_VERBS: dict[str, tuple[str, str, Callable[[Fleet, After, Thing, Thing], str | None]]] = {
    "resize": ("services", "name", _resize),
    "variant": ("services", "name", _variant),
    "pool": ("trainings", "name", _pool),
    "tier": ("stores", "name", _tier),
    "delete": ("stores", "name", _delete),
    "move": ("flows", "name", _move),
    "compress": ("flows", "name", _compress),
    "stop": ("machines", "name", _stop),
    "commit": ("offers", "type", _commit),
}  # in which list of the fleet a resource is, by which key it is known there
