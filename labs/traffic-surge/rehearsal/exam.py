"""Observers: how many replicas are asked for; and how the models answer the exam itself."""

from __future__ import annotations

import json
import time

from grader.labkit import control, current, exchange, import_rehearsal, locate

MOST = 4  # replicas, where nobody needs more
CROWD = 40  # requests a second
FOR_ONE = 3.5, 9  # requests a second of a crowd to one replica, from where there are enough to where there are too few
SLOW_S, SWIFT_S, TRIES = 0.4, 0.3, 3
STALLS = {"hangs": {"kind": "timeout"}, "refuses": {"kind": "outage", "look": "503"}}
load = import_rehearsal(__file__, "load")


def replicas(body: bytes) -> tuple[float, str]:
    """Of the Scale: `few`, or `many`."""
    wanted = float(json.loads(body)["spec"]["replicas"])
    return wanted, "few" if wanted <= MOST else "many"


def crowded(body: bytes, crowd: float = CROWD) -> tuple[float, str]:
    """Of the Scale in a crowd of so many a second: `fit`, `many` or `few`."""
    wanted = float(json.loads(body)["spec"]["replicas"])
    least, most = crowd / FOR_ONE[1], crowd / FOR_ONE[0]
    return wanted, "many" if wanted > most else "few" if wanted < least else "fit"


def pulse(body: bytes) -> tuple[None, str]:
    """A look of which only the time counts."""
    return None, "asked"


def plan(tariff: int, seal: str, start_s: float) -> bool:
    """Give the pool its tariff, the key of its receipts, and how long a replica takes; whether it has them."""
    key = load.key_of(seal)
    told = {"key": key, "tariff_key": key, "tariff": tariff, "models": {"large": {"start_s": start_s}}}
    return bool(control("pool", 9000, "/plan", told)["plan"])


def stop(how: str) -> None:
    """Let the large model hang or refuse."""
    control("pool", 9000, "/faults", {"faults": [{**STALLS[how], "model": "large"}]})


def stalled() -> bool:
    """Whether the large model answers nobody, and the small one does."""
    return all(_seconds(8001) > SLOW_S for _ in range(2)) and well(8002)


def well(port: int = 8001) -> bool:
    """Whether a model answers soon. A machine that stalls can look slow: hence up to three tries."""
    return any(_seconds(port) < SWIFT_S for _ in range(TRIES))


def _seconds(port: int) -> float:
    """How long an answer takes; no end where there is none in time, or no price."""
    context = current()
    url = locate(f"http://pool:{port}/v1/score", context.addresses)
    began = time.monotonic()
    try:
        status, _ = exchange("POST", url, b"", {"x-probe": context.token}, timeout_s=SLOW_S)
    except OSError:
        return float("inf")
    return time.monotonic() - began if status == 200 else float("inf")
