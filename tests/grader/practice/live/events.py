"""Events and objectives for tests, made by hand."""

from __future__ import annotations

from typing import Any

from grader.course.slo import Slo
from grader.course.spec import Window


def event(due: float, latency: float | None = 0.05, **more: Any) -> dict[str, Any]:
    """A request that was due then; without a latency it had no answer."""
    answered = latency is not None
    given = {"status": 200, "answer": "right", "error": ""} if answered else {"status": 0, "answer": "none"}
    return {
        "trial": "practice.0",
        "kind": "request",
        "name": "team",
        "id": f"id-{due:g}",
        "phase": "practice",
        "segment": "a",
        "due": due,
        "sent": due,
        "done": due + latency if latency is not None else None,
        "served_by": "v1" if answered else "",
        "value": None,
        "error": "timeout",
        **given,
        **more,
    }


def slo(good: str, total: str = "true", target: float = 0.9, name: str = "right") -> Slo:
    source = {"metricSource": {"type": "Brownout", "spec": {"query": good}}}
    whole = {"metricSource": {"type": "Brownout", "spec": {"query": total}}}
    return Slo.model_validate(
        {
            "apiVersion": "openslo/v1",
            "kind": "SLO",
            "metadata": {"name": name, "displayName": name.title()},
            "spec": {
                "description": "What is promised.",
                "service": "desk",
                "indicator": {
                    "metadata": {"name": name},
                    "spec": {"ratioMetric": {"counter": True, "good": source, "total": whole}},
                },
                "timeWindow": [{"duration": "1d", "isRolling": True}],
                "budgetingMethod": "Occurrences",
                "objectives": [{"displayName": name, "target": target}],
            },
        }
    )


ALWAYS = Window(trials=("public",))
