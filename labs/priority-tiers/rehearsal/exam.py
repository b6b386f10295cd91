"""Observers: what the scheduler says of its tiers; and who is a tenant, and how swift the model is."""

from __future__ import annotations

import json
import time

from grader.labkit import control, current, exchange, import_rehearsal, locate

LEAST_BUSY = 38  # answers a second, of 50
SLOW_S, SWIFT_S, TRIES = 0.5, 0.2, 3
load = import_rehearsal(__file__, "load")


def pager(body: bytes) -> tuple[float, str]:
    """What is said of publishers: `ok`, `burning`, or `neither`."""
    state = json.loads(body)["premium"]["state"]
    return float(state == "burning"), state if state in ("ok", "burning") else "neither"


def pool(body: bytes) -> tuple[float, str]:
    """The pool's own count of answers in the last second: `busy`, or `idle`."""
    answers = float(json.loads(body)["last"]["answers"])
    return answers, "busy" if answers >= LEAST_BUSY else "idle"


def pulse(body: bytes) -> tuple[None, str]:
    """A look of which only the time counts."""
    return None, "asked"


def plan(tenants: int, seal: str) -> bool:
    """Give the pool its tenants, and the key of its receipts; whether it has them."""
    said = control("pool", 9000, "/plan", {"key": load.key_of(seal), "tenants": int(tenants)})
    return bool(said["plan"])


def slow() -> bool:
    """Whether a picture takes the model long, past all that waits."""
    return any(_seconds() > SLOW_S for _ in range(TRIES))


def swift() -> bool:
    """Whether it does not. A machine that stalls can look slow: hence up to three tries."""
    return any(_seconds() < SWIFT_S for _ in range(TRIES))


def _seconds() -> float:
    context = current()
    url = locate("http://pool:8001/v1/score", context.addresses)
    began = time.monotonic()
    status, _ = exchange("POST", url, b"", {"x-probe": context.token})
    return time.monotonic() - began if status == 200 else float("inf")
