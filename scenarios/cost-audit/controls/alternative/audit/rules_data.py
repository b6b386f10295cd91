"""Rules of thumb for whatever lies or moves."""

from prices import storage_class, transfer


def store_choices(fleet, store):
    """Delete what may go; else the class that is cheapest in the dearest month of the last twelve."""
    if not store["hold"] and store["kept_until"] < fleet["month"] and not sum(store["read_gb"]):
        return {"action": "delete"}
    able = [each["class"] for each in fleet["classes"] if each["readable_in_hours"] <= store["readable_within_hours"]]

    def dearest(name):
        kind = storage_class(fleet, name)
        return store["gb"] * kind["usd_per_gb"] + max(store["read_gb"]) * kind["usd_per_gb_read"]

    return {"action": "tier", "class": min(able, key=dearest)}


def flow_choices(fleet, flow):
    """The nearest zone that is allowed; compressed if what is left to pay is more than compressing costs."""
    zone = flow["to"]
    if zone != "internet":
        allowed = [name for name, region in fleet["zones"].items() if region in flow["may_stand_in"]]
        zone = min(allowed, key=lambda name: transfer(fleet, flow["from"], name))
    spared = transfer(fleet, flow["from"], zone) * (1 - flow["compresses_to"])
    return zone, spared > fleet["transfer"]["compression"]
