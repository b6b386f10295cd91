"""How a rollout went, by revision."""


def of(reports, model):
    """The share of updates that succeeded."""
    ended = {}
    for report in reports:
        if report["event"] in ("updated", "update-failed"):
            counts = ended.setdefault(report["revision"], {"updated": 0, "update-failed": 0})
            counts[report["event"]] += 1
    return {
        revision: {"success": counts["updated"] / (counts["updated"] + counts["update-failed"])}
        for revision, counts in ended.items()
    }
