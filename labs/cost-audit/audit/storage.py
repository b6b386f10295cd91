"""Data that nobody reads."""

from prices import storage_class


def findings(fleet):
    """Not read for a month: the archive. Not read for a year, and old enough: gone."""
    archive = sorted(fleet["classes"], key=lambda each: each["usd_per_gb"])[1]
    for store in fleet["stores"]:
        now = store["gb"] * storage_class(fleet, store["class"])["usd_per_gb"]
        if not any(store["read_gb"]) and store["kept_until"] < fleet["month"]:
            yield {"resource": store["name"], "action": "delete"}, now
        if not store["read_gb"][-1]:
            action = {"resource": store["name"], "action": "tier", "class": archive["class"]}
            yield action, now - store["gb"] * archive["usd_per_gb"]
