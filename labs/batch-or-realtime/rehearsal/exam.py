"""What the exam does to the scorer, and observers: what it cost, and how it answers the exam itself."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import Any

from grader.labkit import at, control, current, exchange, import_rehearsal, locate

MOST_CREDITS = 100.0  # a day
SLOW_S, SWIFT_S, TRIES = 0.6, 0.3, 3
OLD_H = 20.0
WAYS = {
    "refuses": {"kind": "outage", "look": "503", "endpoint": "batch"},
    "old": {"kind": "old", "endpoint": "batch"},
}
load = import_rehearsal(__file__, "load")


def budget(body: bytes) -> tuple[float, str]:
    """The scorer's own count of the last day's credits: `within`, or `over`."""
    credits = float(json.loads(body)["credits_last_day"])
    return credits, "within" if credits <= MOST_CREDITS else "over"


def pulse(body: bytes) -> tuple[None, str]:
    """A look of which only the time counts."""
    return None, "asked"


def plan(season: int, day: int, seal: str) -> bool:
    """Give the pool its cards, and the key of its receipts; whether it has them."""
    told = {"key": load.key_of(seal), "season": int(season), "day": int(day)}
    return bool(control("pool", 9000, "/plan", told)["plan"])


def midnight(day: int, day_s: float) -> None:
    """Set the pool's clock: the first day begins."""
    control("pool", 9000, "/clock", {"now": load.text(load.begin_of(int(day))), "day_s": day_s})


def after(seconds: float, more: float) -> None:
    """Wait until so long after a time of the trial (s)."""
    at(seconds + more)


def night(nights: str, number: int) -> None:
    """From now on batches fail as this night is to, of `2 old, 4 refuses`; not at all if it is a good one."""
    way = load.bad(nights).get(number)
    control("pool", 9000, "/faults", {"faults": [WAYS[way]] if way else []})


def seen(season: int, nights: str, number: int) -> bool:
    """Whether they do."""
    way, (status, row) = load.bad(nights).get(number), _row(season)
    if way == "refuses":
        return status == 503
    return status == 200 and (_age_h(season, row) > OLD_H) == (way == "old")


def works(season: int) -> bool:
    """Whether batches have scores as of now."""
    status, row = _row(season)
    return status == 200 and _age_h(season, row) < OLD_H


def slow() -> bool:
    """Whether one card's score takes long."""
    return any(_asked(b"")[1] > SLOW_S for _ in range(TRIES))


def swift() -> bool:
    """Whether it does not. A machine that stalls can look slow: hence up to three tries."""
    return any(_asked(b"")[1] < SWIFT_S for _ in range(TRIES))


def _row(season: int) -> tuple[int, Any]:
    """Status of a batch, and its one row."""
    context = current()
    url = locate("http://pool:8001/v1/batch", context.addresses)
    body = json.dumps({"items": [_item(season)]}).encode()
    status, raw = exchange("POST", url, body, {"x-probe": context.token})
    return status, json.loads(raw)["items"][0] if status == 200 else None


def _age_h(season: int, row: Any) -> float:
    """How much older it is than a score of now."""
    now = json.loads(_asked(json.dumps(_item(season)).encode())[0])
    return (_time(now) - _time(row)) / 3600


def _item(season: int) -> dict[str, str]:
    return {"card": next(iter(load.season(int(season)).cards))}


def _time(row: Any) -> float:
    return datetime.fromisoformat(row["as_of"]).timestamp()


def _asked(body: bytes) -> tuple[bytes, float]:
    """Answer of the scorer, and the seconds that it took; no end where there is none."""
    context = current()
    url = locate("http://pool:8001/v1/score", context.addresses)
    began = time.monotonic()
    status, raw = exchange("POST", url, body, {"x-probe": context.token})
    return raw, time.monotonic() - began if status == 200 else float("inf")
