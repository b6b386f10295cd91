"""What is a reading at all. Everything is decided on the bytes, before anything else of ours has seen them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

BYTES = 64_000
LEVELS = 20
BANDS = 40
LOWEST, HIGHEST = -1, 4
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


class NoReading(Exception):
    """`status` and why; `lot` and `supplier` as far as they could be read, for the record."""

    def __init__(self, why: str, status: int = 422, lot: str | None = None, supplier: str | None = None) -> None:
        super().__init__(why)
        self.status, self.lot, self.supplier = status, lot, supplier


@dataclass(frozen=True)
class Reading:
    lot: str
    commodity: str
    supplier: str
    bands: list[float]


class NoJson(ValueError):
    """NaN and Infinity are Python's, not JSON's."""


def no_constant(word: str) -> None:
    raise NoJson(word)


def levels(text: str) -> int:
    """How deep brackets are nested, counted without recursion."""
    deep = deepest = 0
    for sign in re.findall(r"[\[\]{}]", TEXT.sub("", text)):
        deep += 1 if sign in "[{" else -1
        deepest = max(deepest, deep)
    return deepest


def name_in(what: Any, key: str) -> str | None:
    value = what.get(key) if isinstance(what, dict) else None
    return value if isinstance(value, str) and value else None


def parse(body: bytes) -> Any:
    """The JSON in a body; NoReading says what is wrong with it, and whose it is if that can be read at all."""
    if len(body) > BYTES:
        raise NoReading(f"more than {BYTES} bytes", 413)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoReading(f"not UTF-8 at byte {error.start}", 400) from None
    if (deep := levels(text)) > LEVELS:
        raise refused_json(text, f"{deep} levels, more than {LEVELS}", deep)
    try:
        return json.loads(text, parse_constant=no_constant)
    except NoJson as error:
        raise refused_json(text, f"{error} is no JSON", deep) from None
    except (ValueError, RecursionError):
        raise NoReading("not JSON", 400) from None


def refused_json(text: str, why: str, deep: int) -> NoReading:
    """The refusal of what Python can read though it is not allowed: lot and supplier are still known."""
    try:
        what = json.loads(text) if deep <= 500 else None
    except (ValueError, RecursionError):
        what = None
    return NoReading(why, 400, name_in(what, "lot"), name_in(what, "supplier"))


def reading(body: bytes) -> Reading:
    what = parse(body)
    lot, supplier = name_in(what, "lot"), name_in(what, "supplier")

    def no(why: str) -> NoReading:
        return NoReading(why, 422, lot, supplier)

    if not isinstance(what, dict):
        raise no("not an object")
    commodity = name_in(what, "commodity")
    missing = [key for key in ("lot", "commodity", "supplier") if name_in(what, key) is None]
    if lot is None or commodity is None or supplier is None:
        raise no(f"{', '.join(missing)}: missing, empty or no text")
    bands = what.get("bands")
    if not isinstance(bands, list):
        raise no("bands: missing or no list")
    if len(bands) != BANDS:
        raise no(f"{len(bands)} bands instead of {BANDS}")
    for at, band in enumerate(bands):
        if isinstance(band, bool) or not isinstance(band, int | float):
            raise no(f"band {at} is no number")
        if not LOWEST <= band <= HIGHEST:
            raise no(f"band {at} is not from {LOWEST} to {HIGHEST}")
    return Reading(lot, commodity, supplier, [float(band) for band in bands])
