"""What a body must be, before anything is asked of it."""

from __future__ import annotations

import json
from typing import Any

MOST_BYTES = 64_000
MOST_LEVELS = 20
BANDS = 40
LOWEST, HIGHEST = -1.0, 4.0


def parsed(body: bytes) -> tuple[Any, str | None]:
    """The JSON of a body as far as it can be read, and what is wrong with it as JSON. Every number is a float."""
    constants: list[str] = []  # NaN and Infinity: Python would take them
    try:
        what = json.loads(body.decode("utf-8"), parse_int=float, parse_constant=constants.append)
    except (ValueError, RecursionError):
        return None, "no JSON in UTF-8"
    return what, "NaN or Infinity" if constants else None


def fault(what: Any) -> str | None:
    """Why this JSON is no reading; None if it is one."""
    if not isinstance(what, dict):
        return "no object"
    if too_deep(what):
        return f"more than {MOST_LEVELS} levels"
    for key in ("lot", "commodity", "supplier"):
        if text(what, key) is None:
            return f"no {key}"
    bands = what.get("bands")
    if not isinstance(bands, list) or len(bands) != BANDS:
        return f"not {BANDS} bands"
    if not all(type(band) is float and LOWEST <= band <= HIGHEST for band in bands):
        return f"a band is no number from {LOWEST:g} to {HIGHEST:g}"
    return None


def too_deep(what: Any) -> bool:
    level = [what]
    for _ in range(MOST_LEVELS):
        level = [inner for outer in level for inner in inside(outer)]
    return any(isinstance(value, dict | list) for value in level)


def inside(what: Any) -> list[Any]:
    if isinstance(what, dict):
        return list(what.values())
    return what if isinstance(what, list) else []


def text(what: Any, key: str) -> str | None:
    """A text that is not empty, or None."""
    value = what.get(key) if isinstance(what, dict) else None
    return value if isinstance(value, str) and value else None
