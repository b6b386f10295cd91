"""A city's day, by revision."""

import statistics


def of(reports):
    """Figures of each revision, from all that its cameras reported on one day."""
    found = {}
    for revision in {report["revision"] for report in reports}:
        ours = [report for report in reports if report["revision"] == revision]
        latencies = sorted(report["latency_ms"] for report in ours)
        found[revision] = {
            "reports": len(ours),
            "confidence": statistics.fmean(report["confidence"] for report in ours),
            "latency_p95": latencies[int(0.95 * len(latencies))],
            "drain": statistics.fmean(report["drain"] for report in ours),
            "memory": statistics.fmean(report["memory"] for report in ours),
        }
    return found
