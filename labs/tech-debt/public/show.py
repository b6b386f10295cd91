"""Prints the public steps, a line of JSON each call: what is sent, and what is right.

`python labs/tech-debt/public/show.py > golden.jsonl` needs nothing but Python.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

LAB = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(LAB / "world"))

from steps import Tenant  # noqa: E402  (it lies beside us)


def calls():
    """Every call, tenant by tenant, with its step."""
    plan, tenants = json.loads((LAB / "public" / "plan.json").read_text("utf-8")), {}
    for case in plan["cases"]:
        if case["kind"] == "function":
            continue
        if case["tenant"] not in tenants:
            tenants[case["tenant"]] = Tenant(plan["seed"], case["tenant"])
            yield from ((case["tenant"], call) for call in tenants[case["tenant"]].first())
        yield from ((case["id"], call) for call in tenants[case["tenant"]].step(case))


if __name__ == "__main__":
    for step, call in calls():
        sent = {"method": call.method, "path": call.path, "body": call.body}
        print(json.dumps({"step": step, **sent, "right": call.right}))
