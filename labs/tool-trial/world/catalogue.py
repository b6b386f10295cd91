"""What can be on the table: settings, and by measurement what each does on a kind of stream."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

SETTINGS: dict[str, tuple[str, dict[str, float | str]]] = {
    "adwin": ("river.drift.ADWIN", {"delta": 0.002}),
    "adwin-strict": ("river.drift.ADWIN", {"delta": 1e-15}),
    "adwin-lazy": ("river.drift.ADWIN", {"delta": 1e-9, "clock": 256}),
    "adwin-eager": ("river.drift.ADWIN", {"delta": 0.8, "clock": 8}),
    "adwin-quick": ("river.drift.ADWIN", {"delta": 0.35, "clock": 16}),
    "adwin-frantic": ("river.drift.ADWIN", {"delta": 0.99, "clock": 4}),
    "page": ("river.drift.PageHinkley", {"threshold": 22.0, "delta": 0.2}),
    "page-high": ("river.drift.PageHinkley", {"threshold": 150.0, "delta": 0.1}),
    "page-up": ("river.drift.PageHinkley", {"threshold": 15.0, "delta": 0.4, "mode": "up"}),
    "page-down": ("river.drift.PageHinkley", {"threshold": 15.0, "delta": 0.4, "mode": "down"}),
    "page-tolerant": ("river.drift.PageHinkley", {"threshold": 13.0, "delta": 1.06}),
    "page-nervous": ("river.drift.PageHinkley", {"threshold": 8.0, "delta": 0.2}),
    "page-keen": ("river.drift.PageHinkley", {"threshold": 15.0, "delta": 0.2}),
    "page-jumpy": ("river.drift.PageHinkley", {"threshold": 6.0, "delta": 0.25}),
    "level": ("windows.Level", {"rows": 192, "bound": 5.5}),
    "level-short": ("windows.Level", {"rows": 64, "bound": 4.5}),
    "level-loose": ("windows.Level", {"rows": 192, "bound": 2.6}),
    "level-nervous": ("windows.Level", {"rows": 40, "bound": 2.9}),
    "spread": ("windows.Spread", {"rows": 100, "bound": 0.9}),
    "spread-long": ("windows.Spread", {"rows": 300, "bound": 0.6}),
    "spread-nervous": ("windows.Spread", {"rows": 40, "bound": 0.85}),
}


class Does(TypedDict):
    """`rings`: share of streams of a kind, by kind (of changes: found in time); `delay`: mean rows; `false`: alarms in
    10,000 quiet rows."""

    rings: dict[str, float]
    delay: float
    false: float


def table() -> dict[str, Does]:
    """By key of SETTINGS; `recipe.py` measures it."""
    found: dict[str, Does] = json.loads((Path(__file__).parent / "catalogue.json").read_text("utf-8"))
    return found
