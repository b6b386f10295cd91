"""What a casebook (labs/cast/lib/casebook) tells of the public season: laps and pictures. An exam's it never tells."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.fetch import get
from grader.safe import visible

FOLDER = "season"
"""In a run folder: what `save` kept of each trial."""

MOST_BYTES = 8 << 20
MOST_OUTCOMES = 20_000
MOST_PICTURES, PICTURE_BYTES = 12, 512 << 10
WORD, NOTE, CASE = 40, 300, 120

Key = tuple[str, str, int]
"""Case, aspect, and the how-manieth question of both."""


@dataclass(frozen=True)
class Outcome:
    """One answer: its word, why, and when (epoch, s; 0 if unknown)."""

    word: str
    note: str
    at: float


@dataclass
class Lap:
    """One lap as far as it was seen, its outcomes in the order of telling; times are epoch seconds."""

    number: int
    began: float
    told: dict[Key, Outcome] = field(default_factory=dict)
    over: bool = False
    last: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)

    def mixed(self, changes: Sequence[float]) -> bool:
        """Whether something changed while it was played."""
        return any(self.began < at < (self.last if self.over else at + 1) for at in changes)


def read(found: Any) -> Lap | None:
    """A lap out of the casebook's JSON, cut and made visible; None if it is none."""
    try:
        lap = Lap(int(found["lap"]), _time(found["began"]), over=bool(found["over"]))
        lap.facts = {name: int(found[name]) for name in ("cases", "closed", "asked")}
        lap.facts["broken"] = visible(str(found["broken"]), NOTE)
        times: Counter[tuple[str, str]] = Counter()
        for each in found["outcomes"][:MOST_OUTCOMES]:
            case, aspect = visible(str(each["case"]), CASE), visible(str(each["aspect"]), CASE)
            at = _time(each["at"])
            key = (case, aspect, times[case, aspect])
            lap.told[key] = Outcome(visible(str(each["word"]), WORD), visible(str(each["note"]), NOTE), at)
            lap.last = max(lap.last, at)
            times[case, aspect] += 1
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return lap


def _time(value: Any) -> float:
    """Epoch seconds; 0 for none. ValueError if it is no such number."""
    at = float(value or 0.0)
    if not 0.0 <= at < 1e11:
        raise ValueError("no time")
    return at


def said(url: str, path: str) -> Any:
    """What the casebook says there, parsed; None if it says nothing or no JSON.

    Raises:
        BadInput: it does not answer.
    """
    status, body = get(url, path, MOST_BYTES, "the casebook")
    try:
        return json.loads(body) if status == 200 else None
    except (ValueError, RecursionError):
        return None


def pictures(found: Any) -> list[dict[str, Any]]:
    """Pictures out of the casebook's JSON: id, title, svg and lap of each. An SVG is to be shown as an image, where
    nothing in it can act."""
    kept = []
    for each in found[:MOST_PICTURES] if isinstance(found, list) else ():
        svg = each.get("svg") if isinstance(each, dict) else None
        if isinstance(svg, str) and len(svg) <= PICTURE_BYTES and svg.startswith("<svg"):
            id, title = (visible(str(each.get(name, "")), NOTE) for name in ("id", "title"))
            lap = each.get("lap")
            kept.append({"id": id, "title": title, "svg": svg, "lap": lap if type(lap) is int else 0})
    return kept


def save(url: str, path: Path) -> None:
    """Keep lap and pictures as they are now; nothing where there is no public season.

    Raises:
        BadInput: the casebook does not answer.
        OSError: the file cannot be written.
    """
    lap = said(url, "/lap")
    if lap is not None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"lap": lap, "pictures": said(url, "/pictures")}), "utf-8")


def saved(path: Path) -> tuple[Lap | None, list[dict[str, Any]]]:
    """What `save` kept; none of what is missing or damaged."""
    try:
        found = json.loads(path.read_text("utf-8"))
        return read(found["lap"]), pictures(found["pictures"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None, []
