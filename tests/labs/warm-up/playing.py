"""Nights in virtual time: the routing of a control, asked about every question of an exam."""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from tests.labs.modules import importable

LOOKS_EVERY_S = 0.3


@contextmanager
def desk_that_holds(indexes: Any, maps: ModuleType) -> Iterator[None]:
    """The module `desk` of a router, without a desk: what the indexes hold now."""
    told = SimpleNamespace(indexes=lambda: {i: tuple(ends.split("-")) for i, ends in maps.told(indexes.now()).items()})
    sys.modules["desk"] = told  # type: ignore[assignment]
    try:
        yield
    finally:
        sys.modules.pop("desk")


def play(router: Path, desk: SimpleNamespace, scenario: Any, traffic: Any, drawn: Mapping[str, Any]) -> dict[str, Any]:
    """Counts of `right`, `wrong` and `none` in each phase that has questions, as a router's folder has them answered.

    One that looks now and then by itself has a function `look`; it is called as often as the alternative does."""
    now = [0.0]
    indexes = desk.indexes.Indexes(clock=lambda: now[0])
    found: dict[str, Counter[str]] = {}
    with importable(router), desk_that_holds(indexes, desk.maps):
        routing = importlib.import_module("routing")
        indexes.begin(drawn["night"])
        n, start, looked = 0, 0.0, 0.0
        for phase in scenario.spec.timeline:
            for at in range(int(phase.rate * phase.seconds)):
                now[0] = start + at / phase.rate
                if now[0] >= drawn["rebuild_at"] and not indexes.rebuilds:
                    indexes.rebuild()
                if now[0] - looked >= LOOKS_EVERY_S and hasattr(routing, "look"):
                    looked = now[0]
                    routing.look()
                customer = traffic.request(n).path.partition("=")[2]
                found.setdefault(phase.phase, Counter())[answer(routing, indexes, customer)] += 1
                n += 1
            start += phase.seconds
    return found


def answer(routing: Any, indexes: Any, customer: str) -> str:
    """The word for what a customer hears."""
    try:
        index = routing.index_for(customer)
    except Exception:  # whatever a router does not survive
        return "none"
    return "right" if indexes.holds(index, customer[0]) else "wrong"
