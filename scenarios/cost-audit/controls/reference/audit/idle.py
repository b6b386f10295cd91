"""Machines that do nothing, for nobody."""


def decided(fleet):
    """Which of them go."""
    return [each["name"] for each in fleet["machines"] if not _needed(fleet, each)]


def _needed(fleet, machine):
    resources = [each for kind in ("services", "trainings", "stores", "flows") for each in fleet[kind]]
    protects = machine["protects"] in [each["name"] for each in resources]
    depended_on = any(machine["name"] in each.get("depends_on", ()) for each in resources)
    runs = (machine["next_run"] or "").startswith(fleet["month"][:7])
    return protects or depended_on or runs
