"""Activities of the exam: the mart gets the hidden season, and is seen to play it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from grader.labkit import control, import_exam, read

seasons = import_exam(__file__, "draw")


def fill(season_seed: int, markets: int, days: int) -> Any:
    """Give the mart the season of this trial."""
    return control("mart", 9000, "/plan", seasons.draw(season_seed, markets, days))


def held(season_seed: int, markets: int, days: int) -> bool:
    """Whether the mart holds exactly the season of this trial."""
    wanted = json.dumps(seasons.draw(season_seed, markets, days)).encode()
    return bool(read("mart", 9000, "/ledger")["plan"] == hashlib.sha256(wanted).hexdigest())


def begun(season_seed: int, markets: int, days: int) -> bool:
    """Whether it holds it still, and a day of it was closed."""
    return held(season_seed, markets, days) and int(read("mart", 9000, "/ledger")["closed"]) >= 0
