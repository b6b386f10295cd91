"""A plan as it was handed in, carried out: what each resource is afterwards."""

from dataclasses import dataclass, field

SHAPE = {"actions": [dict], "saving_usd": float}
MOST_ACTIONS = 400
MOST_MACHINES = 100_000


@dataclass
class After:
    """The fleet when a plan was carried out: by name what each resource is then. A class of None: deleted."""

    services: dict  # type, count, variant
    pools: dict
    classes: dict
    places: dict
    compressed: set = field(default_factory=set)
    stopped: set = field(default_factory=set)
    committed: dict = field(default_factory=dict)


def before(fleet):
    """The fleet as it is."""
    return After(
        {each["name"]: (each["type"], each["count"], each["variant"]) for each in fleet["services"]},
        {each["name"]: each["pool"] for each in fleet["trainings"]},
        {each["name"]: each["class"] for each in fleet["stores"]},
        {each["name"]: each["to"] for each in fleet["flows"]},
    )


def carried_out(fleet, actions):
    """The fleet after all actions in their order; what cannot be done is left out. A later one on the same counts."""
    after = before(fleet)
    for action in actions:
        carry_out(fleet, after, action)
    return after


def carry_out(fleet, after, action):
    """Do one action. Why it cannot be done, or empty."""
    name, verb = action.get("resource"), action.get("action")
    if not isinstance(name, str) or not isinstance(verb, str) or verb not in _VERBS:
        return "no such action"
    kind, key, do = _VERBS[verb]
    found = next((each for each in fleet[kind] if each[key] == name), None)
    if found is None:
        return f"{verb}: not one of the fleet's {kind}"
    return do(fleet, after, found, action) or ""


def _resize(fleet, after, service, action):
    count = action.get("count")
    if action.get("type") not in [each["type"] for each in fleet["types"]]:
        return "no such type"
    if not _whole(count) or count < 1:
        return "count is no whole number from 1"
    after.services[service["name"]] = (action["type"], count, after.services[service["name"]][2])


def _variant(fleet, after, service, action):
    if action.get("variant") not in [each["variant"] for each in service["variants"]]:
        return "no such variant"
    after.services[service["name"]] = (*after.services[service["name"]][:2], action["variant"])


def _pool(fleet, after, training, action):
    if action.get("pool") not in [each["pool"] for each in fleet["pools"]]:
        return "no such pool"
    after.pools[training["name"]] = action["pool"]


def _tier(fleet, after, store, action):
    if action.get("class") not in [each["class"] for each in fleet["classes"]]:
        return "no such class"
    if after.classes[store["name"]] is None:
        return "deleted already"
    after.classes[store["name"]] = action["class"]


def _delete(fleet, after, store, action):
    after.classes[store["name"]] = None


def _move(fleet, after, flow, action):
    if flow["to"] not in fleet["zones"] or action.get("zone") not in list(fleet["zones"]):
        return "no such zone, or what reads it is not ours to move"
    after.places[flow["name"]] = action["zone"]


def _compress(fleet, after, flow, action):
    after.compressed.add(flow["name"])


def _stop(fleet, after, machine, action):
    after.stopped.add(machine["name"])


def _commit(fleet, after, offer, action):
    if not _whole(action.get("count")) or action["count"] < 0:
        return "count is no whole number"
    after.committed[offer["type"]] = action["count"]


def _whole(value):
    return type(value) is int and value <= MOST_MACHINES


_VERBS = {
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
