"""A city's day, by revision."""

import numpy as np


def of(day):
    """Figures of each revision, from its reports of the day."""
    return {
        revision: {
            "reports": len(reports),
            "confidence": mean(reports, "confidence"),
            "latency_p95": float(np.percentile([report.latency for report in reports], 95)),
            "drain": mean(reports, "drain"),
            "memory": mean(reports, "memory"),
        }
        for revision, reports in day.items()
    }


def mean(reports, signal):
    return sum(getattr(report, signal) for report in reports) / len(reports)
