"""Observers: what questions cost; and what happens on a day, seen at the pool."""

from __future__ import annotations

import json
import time
from typing import Any

from common.names import generator

from grader.labkit import control, current, exchange, import_rehearsal, locate, world

with world(__file__):
    from policy_files import FLAWS, MODELS

MOST_CREDITS = 16.5  # a question
PORTS = {name: 8001 + number for number, name in enumerate(MODELS)}
SLOW_S, SWIFT_S, TRIES = 0.5, 0.4, 3
load = import_rehearsal(__file__, "load")
Act = tuple[str, Any]
NOTHING: Act = ("nothing", None)


def cost(body: bytes) -> tuple[float, str]:
    """Credits a question, of the last second and a half: `fair` or `dear`."""
    last = json.loads(body)
    credits = float(last["credits"]) / max(1.0, float(last["questions"]))
    return credits, "fair" if credits <= MOST_CREDITS else "dear"


def pulse(body: bytes) -> tuple[None, str]:
    """A look of which only the time counts."""
    return None, "asked"


def plan(seal: str, trade: int, moved: str) -> bool:
    """Give the pool its trade, versions, and the key of all that is secret; whether it has them."""
    key = load.key_of(seal)
    *begins, _, worse = load.versions(key)
    models = {name: {"version": version} for name, version in zip(MODELS, begins, strict=True)}
    told = {"key": key, "truth": key, "trade": trade, "moved": moved, "worse": [worse], "models": models}
    return bool(control("pool", 9000, "/plan", told)["plan"])


def acts(story: str, seal: str) -> list[Act]:
    """What happens in a trial, in order."""
    rng, (*_, same, worse) = generator(seal, "acts"), load.versions(load.key_of(seal))
    if story == "vendor":
        return [("version", same), ("version", worse)]
    if story == "friday":
        return [("offer", {"topics": ["moved"]})]
    kinds: list[Act] = [
        ("stop", {"kind": "timeout"}),
        ("stop", {"kind": "outage", "look": rng.choice(("503", "reset"))}),
    ]
    models = rng.sample(("base", "max"), 2)
    rng.shuffle(kinds)
    stops: list[Act] = [(kind, {**how, "model": model}) for (kind, how), model in zip(kinds, models, strict=True)]
    if story == "broken":
        last = "turned"  # it stays until the day ends, and users like it
        flaws = [*rng.sample([flaw for flaw in FLAWS if flaw != last], len(FLAWS) - 1), last]
        return [*(("offer", {"topics": ["moved"], "flaw": flaw}) for flaw in flaws), *stops, ("well", None)]
    assert story == "rehearsal"
    offers: list[Act] = [("offer", {"topics": topics, "flaw": flaw})
                         for topics, flaw in ((["moved"], "nan"), (["hard"], None), (["moved"], None))]  # fmt: skip
    return [*offers, *stops, ("well", None), ("version", worse)]


def act(story: str, seal: str, number: int) -> str:
    """The act of that number, from 1; nothing where there is none. What it is."""
    kind, what = _act(story, seal, number)
    if kind == "offer":
        control("pool", 9000, "/offer", what)
    if kind == "version":
        control("pool", 9000, "/versions", {"base": what})
    if kind in ("stop", "well"):
        control("pool", 9000, "/faults", {"faults": [what] if what else []})
    return kind


def seen(story: str, seal: str, number: int) -> bool:
    """Whether it can be seen at the pool."""
    kind, what = _act(story, seal, number)
    if kind == "offer":
        there = _read("http://pool:8000/policies")
        return bool(there["offered"] and there["offered"] > there["current"])
    if kind == "version":
        return bool(_read("http://pool:9000/versions")["base"] == what)
    if kind == "stop":
        return all(_seconds(what["model"]) > SLOW_S for _ in range(2))
    return kind == "nothing" or well()


def well() -> bool:
    """Whether all models answer soon. A machine that stalls can look slow: hence up to three tries."""
    return any(all(_seconds(model) < SWIFT_S for model in MODELS) for _ in range(TRIES))


def _act(story: str, seal: str, number: int) -> Act:
    found = acts(story, seal)
    return found[number - 1] if number <= len(found) else NOTHING


def _read(url: str) -> Any:
    context = current()
    headers = {"authorization": f"Bearer {context.token}"}
    return json.loads(exchange("GET", locate(url, context.addresses), b"", headers)[1])


def _seconds(model: str) -> float:
    """How long an answer takes; no end where there is none in time."""
    context = current()
    url = locate(f"http://pool:{PORTS[model]}/v1/score", context.addresses)
    began = time.monotonic()
    try:
        status, _ = exchange("POST", url, b"", {"x-probe": context.token}, timeout_s=SLOW_S)
    except OSError:
        return float("inf")
    return time.monotonic() - began if status == 200 else float("inf")
