"""The best model of each market so far, kept in a file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from training import INPUTS

FOLDER = Path(os.environ["DATA_DIR"]) / "champions"
NEUTRAL: dict[str, Any] = {"intercept": 0.0, "coef": dict.fromkeys(INPUTS, 0.0)}


def keep(market: str, model: dict[str, Any]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{market}.json").write_text(json.dumps(model))


def of(market: str) -> dict[str, Any] | None:
    file = FOLDER / f"{market}.json"
    return json.loads(file.read_text()) if file.exists() else None
