"""The way in: what a body has to be before anybody looks at what it says."""

from __future__ import annotations

import json
from typing import Any

LARGEST, DEEPEST = 64_000, 20
BANDS, LOWEST, HIGHEST = 40, -1, 4


class Refused(Exception):
    """Says why; never quotes what came in."""


def open_body(raw: bytes) -> dict[str, Any]:
    """The object in a body."""
    if len(raw) > LARGEST:
        raise Refused("larger than 64 KB")
    try:
        found = json.loads(raw.decode(), parse_constant=no_number)
    except (ValueError, RecursionError):
        raise Refused("no JSON") from None
    if not isinstance(found, dict) or deeper(found, DEEPEST):
        raise Refused("no object, or nested too deep")
    return found


def no_number(word: str) -> None:
    """NaN and its like are no JSON."""
    raise ValueError(word)


def deeper(value: Any, levels: int) -> bool:
    """Whether a value is nested deeper than so many levels."""
    if not isinstance(value, (dict, list)):
        return False
    inside = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(deeper(each, levels - 1) for each in inside)


def check_reading(found: dict[str, Any]) -> None:
    """Refused if this is no reading."""
    for key in ("lot", "commodity", "supplier"):
        if type(found.get(key)) is not str or not found[key]:
            raise Refused(f"{key} is missing")
    bands = found.get("bands")
    if type(bands) is not list or len(bands) != BANDS:
        raise Refused("not forty bands")
    if not all(type(band) in (int, float) and LOWEST <= band <= HIGHEST for band in bands):
        raise Refused("a band is no number from -1 to 4")
