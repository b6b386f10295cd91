"""Observers: what the versions are like in each trial, and what happens there, seen at the pool."""

from __future__ import annotations

import json
from typing import Any

from common.names import generator, named

from grader.labkit import control, current, exchange, import_rehearsal, locate, world

with world(__file__):
    from truth import HARD, SIMPLE, WELL, Quality, decision, id_of

load = import_rehearsal(__file__, "load")
KINDS: dict[str, Quality] = {
    "better": WELL["v2"],
    "late-good": {"simple": 0.85, "hard": 0.98, "regions": {}},
    "late-bad": {"simple": 0.98, "hard": 0.12, "regions": {}},
    "region": {"simple": 0.98, "hard": 0.93, "regions": {"": 0.4}},
    "fallen": {"simple": 0.50, "hard": 0.50, "regions": {}},
    "harder": {"simple": 0.48, "hard": 0.40, "regions": {}},
}
HARDER: Quality = {"simple": 0.34, "hard": 0.26, "regions": {}}  # v1, once claims are harder than ever
TURNS = {"turns": "fallen", "well": "harder"}  # what v2 becomes in the middle
WEAK: Quality = {**WELL["v1"], "regions": {"": 0.4}}  # v1, where v2 was made to mend a region
LATER = ("turns", "well")  # v2 was promoted yesterday
OFF = 0.01  # a share is drawn so close to its number
SLOW = {"kind": "slow", "model": "v2", "share": 0.5, "add_s": 0.9}
HANGS = {"kind": "timeout", "model": "v2"}
ASKED = 60
SLOW_S = 0.5
FIRST = 10**9  # numbers of claims that only the exam asks about


def pulse(body: bytes) -> tuple[None, str]:
    """A look of which only the time counts."""
    return None, "asked"


def repository(body: bytes) -> tuple[None, str]:
    """Whether it has nobody in v1's shadow, or v1 in that of v2, as the brief asks of whoever has decided."""
    found = json.loads(body)
    return None, "settled" if found["shadow"] == {"v1": None, "v2": "v1"}[found["live"]] else "left"


def qualities(story: str, seal: str, now: str = "") -> dict[str, Quality]:
    """What both versions are like in a trial; `now`: once v2 is of another kind."""
    key = load.key_of(seal)
    kind = now or (story if story in KINDS else "better")
    old = HARDER if now == "harder" else WEAK if kind == "better" and story not in LATER else WELL["v1"]
    return {"v1": _drawn(old, key, "v1"), "v2": _drawn(KINDS[kind], key, kind)}


def plan(story: str, seal: str) -> bool:
    """Give the pool its versions, and the key of all that is secret; whether it has them."""
    key = load.key_of(seal)
    told = {"key": key, "truth": key, "quality": qualities(story, seal), "promoted": story in LATER}
    control("pool", 9000, "/faults", {"faults": [{**SLOW, "seed": _seed(seal)}] if story == "slow" else []})
    return bool(control("pool", 9000, "/plan", told)["plan"])


def release(story: str) -> str:
    """A person puts v2 into shadow; where it is live already, nobody does anything."""
    if story not in LATER:
        control("pool", 9000, "/change", {"live": "v1", "shadow": "v2", "why": "v2 on trial"})
    return story


def turn(story: str, seal: str) -> str:
    """What goes wrong in the middle of a trial does."""
    if story == "hangs":
        control("pool", 9000, "/faults", {"faults": [HANGS]})
    if story in TURNS:
        new = {"claims": "new"} if story == "well" else {}
        control("pool", 9000, "/quality", qualities(story, seal, TURNS[story]) | new)
    return story


def seen(story: str, seal: str, when: str) -> bool:
    """Whether v2 is at the pool what it should be. `when`: `before` or `after` what goes wrong in the middle."""
    if story == "slow" or (story == "hangs" and when == "after"):  # a probe meets a fault each time
        return _asked(seal, when) is None
    now = TURNS.get(story, "") if when == "after" else ""
    quality = qualities(story, seal, now)["v2"]
    key = load.key_of(seal)
    wanted = [decision(key, item["id"], "v2", item["region"], quality) for item in _items(seal, when)]
    return any(_asked(seal, when) == wanted for _ in range(3))


def _drawn(quality: Quality, key: str, what: str) -> Quality:
    rng = generator(key, "quality", what)

    def about(rate: float) -> float:
        return round(rate + rng.uniform(-OFF, OFF), 3)

    weak = generator(key, "weak").choice(load.regions(key))
    regions = {name or weak: about(rate) for name, rate in quality["regions"].items()}
    return {"simple": about(quality["simple"]), "hard": about(quality["hard"]), "regions": regions}


def _items(seal: str, when: str) -> list[dict[str, Any]]:
    """Claims that only we ask about, half of them hard."""
    key, rng = load.key_of(seal), generator(seal, "asked", when)
    found = []
    for n in range(ASKED):
        id = id_of(key, FIRST + rng.randrange(FIRST), HARD if n % 2 else SIMPLE)
        found.append({"id": id, "policy": "F-1", "region": load.regions(key)[n % load.REGIONS], "amount": 100})
    return found


def _asked(seal: str, when: str) -> list[str] | None:
    """What v2 decides of these; None if it is late or says nothing."""
    context = current()
    url = locate("http://pool:8002/v1/batch", context.addresses)
    body = json.dumps({"items": _items(seal, when)}).encode()
    try:
        status, said = exchange("POST", url, body, {"x-probe": context.token}, timeout_s=SLOW_S)
    except OSError:
        return None
    return [one["decision"] for one in json.loads(said)["items"]] if status == 200 else None


def _seed(seal: str) -> int:
    return int(named(seal, "faults", size=3), 16)
