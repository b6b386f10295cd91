"""A city's day, by revision."""

import statistics


def of(reports, day):
    """Figures of each revision."""
    today = [report for report in reports if report["received"].startswith(day)]
    found = {}
    for revision in {report["revision"] for report in today}:
        ours = [report for report in today if report["revision"] == revision]
        latencies = sorted(report["latency_ms"] for report in ours)
        found[revision] = {
            "reports": len(ours),
            "confidence": statistics.mean(report["confidence"] for report in ours),
            "latency_p95": latencies[int(0.95 * len(latencies))],
            "drain": statistics.mean(report["drain"] for report in ours),
            "memory": statistics.mean(report["memory"] for report in ours),
        }
    return found
