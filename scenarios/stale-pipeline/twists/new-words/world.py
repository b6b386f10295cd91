"""A season in which every market writes its batches another way each night, and all of them are sound."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping
from typing import Any

from grader.labkit import control, import_exam, import_rehearsal, read

public = import_rehearsal(__file__, "load")
seasons = import_exam(__file__, "draw")


def draw(season_seed: int, markets: int, days: int) -> dict[str, Any]:
    """A season as the mart takes it: names and units change in the gap, and each night from then on."""
    rng = random.Random(f"{season_seed}:new-words")
    plan: dict[str, Any] = seasons.draw(season_seed, markets, days)
    for market in plan["markets"]:
        since = range(-market["gap"], days)
        market["forms"] = market["forms"][:1] + [
            {"since": day, "names": seasons._names(rng), "units": seasons._units(rng)} for day in since
        ]
        market["incidents"] = []
    return plan


def fill(season_seed: int, markets: int, days: int) -> Any:
    """Give the mart the season of this trial."""
    return control("mart", 9000, "/plan", draw(season_seed, markets, days))


def begun(season_seed: int, markets: int, days: int, closed: int) -> bool:
    """Whether the mart holds exactly the season of this trial, and has closed this day of it (-1: none yet)."""
    wanted = hashlib.sha256(json.dumps(draw(season_seed, markets, days)).encode()).hexdigest()
    ledger = read("mart", 9000, "/ledger")
    return bool(ledger["plan"] == wanted and ledger["closed"] >= closed)


class Traffic(public.Traffic):  # type: ignore[misc, name-defined]
    """As in the rehearsal, over this season."""

    def plan(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """What the mart holds."""
        return draw(parameters["season_seed"], parameters["markets"], parameters["days"])
