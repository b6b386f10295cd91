"""Measures catalogue.json, in image `papers`: `python labs/tool-trial/world/recipe.py 200`, some minutes of a core."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from catalogue import SETTINGS, Does
from makes import alarms
from streams import CHANGES, KINDS, WITHIN, stream


def measured(key: str, many: int) -> Does:
    """What one tool does on so many streams of each kind."""
    make, settings = SETTINGS[key]
    rng = np.random.default_rng(39)
    rings: dict[str, float] = {}
    false = quiet = 0
    delays: list[int] = []
    for kind in KINDS:
        rung = 0
        for _ in range(many):
            rows, begins = stream(rng, kind)
            heard = alarms(make, json.dumps(settings), rows.tolist())
            until = len(rows) if kind == "quiet" else begins or 0
            false, quiet = false + sum(row < until for row in heard), quiet + until
            late = [row - (begins or 0) for row in heard if begins is None or begins <= row < begins + WITHIN]
            rung += bool(late)
            delays += late[:1] if kind in CHANGES else []
        rings[kind] = round(rung / many, 3)
    delay = round(float(np.mean(delays)), 1) if delays else 0.0
    return {"rings": rings, "delay": delay, "false": round(1e4 * false / quiet, 2)}


if __name__ == "__main__":
    found = {key: measured(key, int(sys.argv[1])) for key in SETTINGS}
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(does)}" for key, does in found.items())
    (Path(__file__).parent / "catalogue.json").write_text(f"{{\n{lines}\n}}\n", "utf-8")
