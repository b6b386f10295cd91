"""A season in which sales stand in the wrong rows for days, in half of the markets."""

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
    """A season as the mart takes it: from the first night on sales of half of the markets stand in the wrong rows."""
    rng = random.Random(f"{season_seed}:wrong-rows")
    plan: dict[str, Any] = seasons.draw(season_seed, markets, days)
    for market in plan["markets"]:
        wrong = rng.random() < 0.5
        market["incidents"] = [{"day": day, "kind": "mislabelled"} for day in range(days) if wrong]
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
