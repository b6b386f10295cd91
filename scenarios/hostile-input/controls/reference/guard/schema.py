"""What a body has to be. Strict: nothing is converted, and messages never quote what was sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NoReturn

LARGEST, DEEPEST, BANDS = 64_000, 20, 40
LOW, HIGH = -1.0, 4.0


class BadBody(Exception):
    """This is no reading. Subject and supplier are what could be read of them."""

    def __init__(self, why: str, subject: str | None = None, supplier: str | None = None) -> None:
        super().__init__(why)
        self.subject = subject
        self.supplier = supplier


@dataclass(frozen=True)
class Reading:
    lot: str
    commodity: str
    supplier: str
    bands: list[float]

    @classmethod
    def parse(cls, body: bytes) -> Reading:
        """A reading; BadBody if it is none."""
        found = loads(body)
        texts = {key: found[key] if good_text(found.get(key)) else None for key in ("lot", "commodity", "supplier")}
        wrong = [f"{key} is no text" for key, text in texts.items() if text is None] or bad_bands(found.get("bands"))
        if wrong:
            raise BadBody(wrong[0], texts["lot"], texts["supplier"])
        return cls(**texts, bands=found["bands"])


@dataclass(frozen=True)
class Batch:
    batch: str
    commodity: str
    supplier: str
    rows: list[dict[str, Any]]

    @classmethod
    def parse(cls, body: bytes) -> Batch:
        found = json.loads(body)
        return cls(found["batch"], found["commodity"], found["supplier"], found["rows"])


def loads(body: bytes) -> dict[str, Any]:
    """The object in a body."""
    try:
        found = json.loads(body.decode(), parse_constant=no_number)
    except (ValueError, RecursionError):
        raise BadBody("the body is no JSON") from None
    if not isinstance(found, dict):
        raise BadBody("the body is no object")
    if too_deep(found):
        raise BadBody("the body is nested too deep")
    return found


def no_number(word: str) -> NoReturn:
    raise ValueError(word)


def too_deep(found: Any) -> bool:
    level = [found]
    for _ in range(DEEPEST):
        inside = [child for each in level for child in (each.values() if isinstance(each, dict) else each)]
        level = [child for child in inside if isinstance(child, (dict, list))]
        if not level:
            return False
    return True


def good_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def bad_bands(bands: Any) -> list[str]:
    """What is wrong with bands."""
    if not isinstance(bands, list) or len(bands) != BANDS:
        return [f"bands are not {BANDS}"]
    if any(isinstance(band, bool) or not isinstance(band, (int, float)) for band in bands):
        return ["a band is no number"]
    return [] if all(LOW <= band <= HIGH for band in bands) else ["a band is out of range"]
