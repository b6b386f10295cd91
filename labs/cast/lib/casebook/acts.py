"""For an exam.py: a casebook is given a trial's plan, and is seen to play it. Runs in the grader's processes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from grader.labkit import control, read

CONTROL = 9000


def begin(service: str, plan: Mapping[str, Any], port: int = CONTROL) -> Any:
    """Give the casebook a plan; it begins to play it. FaultFailed if it does not take it."""
    return control(service, port, "/plan", plan)


def begun(service: str, plan: Mapping[str, Any], port: int = CONTROL) -> bool:
    """Whether it holds exactly this plan, and nothing in our own code broke."""
    return _holds(read(service, port, "/ledger"), plan)


def reached(service: str, plan: Mapping[str, Any], closed: int = 1, port: int = CONTROL) -> bool:
    """Whether it does still, and so many cases are closed: for the end of a trial, which may be an early one."""
    ledger = read(service, port, "/ledger")
    return _holds(ledger, plan) and int(ledger["closed"]) >= closed


def over(service: str, plan: Mapping[str, Any], port: int = CONTROL) -> bool:
    """Whether it has played all of it. Not for the end of a trial: an exam ends when its verdict is certain."""
    ledger = read(service, port, "/ledger")
    return _holds(ledger, plan) and bool(ledger["over"])


def _holds(ledger: Mapping[str, Any], plan: Mapping[str, Any]) -> bool:
    digest = hashlib.sha256(json.dumps(plan).encode()).hexdigest()
    return bool(ledger["plan"] == digest and not ledger["broken"])
