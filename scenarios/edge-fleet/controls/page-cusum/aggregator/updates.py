"""How a rollout went, by revision."""

WITHIN = 24 * 3600


def of(reports, model):
    """The share of the cameras that began which said, within a day, that they have the model."""
    began, updated = {}, {}
    for report in reports:
        if report["event"] == "update-started":
            keep_first(began, report)
        elif report["event"] == "updated" and report["model"] == model:
            keep_first(updated, report)
    found = {}
    for device, start in began.items():
        done = device in updated and updated[device]["time"] <= start["time"] + WITHIN
        found.setdefault(start["revision"], []).append(done)
    return {revision: {"success": sum(done) / len(done)} for revision, done in found.items()}


def keep_first(firsts, report):
    first = firsts.get(report["device"])
    if first is None or report["time"] < first["time"]:
        firsts[report["device"]] = report
