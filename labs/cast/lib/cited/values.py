"""Values of claims: as they are written in a footnote, as a query gives them, as the text shows them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias, TypeGuard

Value: TypeAlias = "bool | float | str | datetime"
"""True or false, a number, a text, or a time in UTC (without a zone)."""

LONGEST = 200
WITHIN = 0.01
ROUNDED = 0.1

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:Z| ?UTC)?")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.(\d{1,15}))?")

_SHOWN_NUMBER = re.compile(
    r"(?<![\w.,:/-])(?P<sign>[-\u2212]?)(?:(?:EUR|USD|GBP|[€$£])\s?)?(?P<digits>\d{1,3}(?:[,'\u2019\u00a0\u202f]\d{3})+|\d{1,15})"
    r"(?P<part>\.\d{1,15})?(?:\s?(?P<scale>%|percent|points?|[kKM](?![^\W\d_])|(?i:bn|mn|mio|mrd|dozen|hundred|thousand|million|billion)(?![^\W\d_])))?"
    r"(?:\s?(?:[€$£]|[A-Za-z\u00c0-\u024f]{1,20}))?$"
)
_SHOWN_TIME = re.compile(r"(?:(\d{4}-\d\d-\d\d)[T ])?(?<![\d:.])(\d\d?):(\d\d)(?::(\d\d))?(?:\s?(?:UTC|Z))?$")
_SCALES = {"k": 1e3, "dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6}
_SCALES |= {"bn": 1e9, "mrd": 1e9, "billion": 1e9}
_PARTS = {"%", "percent", "point", "points"}
_TRUE, _FALSE = {"true", "yes", "✓", "✔"}, {"false", "no", "not", "✗", "✘"}


@dataclass(frozen=True)
class Written:
    """What a footnote says that it gives. `digit`: half of its last digit, or for a time its last unit in seconds."""

    value: Value
    digit: float = 0.0


def read(text: str) -> Written:
    """The value that stands behind `gives`.

    Raises:
        ValueError: it is none. One sentence.
    """
    if text in ("true", "false"):
        return Written(text == "true")
    if len(text) > 1 and text[0] == text[-1] == '"' and 2 < len(text) <= LONGEST and text.count('"') == 2:
        return Written(text[1:-1])
    if found := _TIME.fullmatch(text):
        day, minute, seconds = found.groups()
        return Written(datetime.fromisoformat(f"{day}T{minute}{seconds or ''}"), 1.0 if seconds else 60.0)
    if found := _NUMBER.fullmatch(text):
        places = len(found[1] or "")
        return Written(float(text), 10.0**-places if places else 0.5)
    raise ValueError(
        f'gives {text[:60]!r}: not a number as 2114 or -0.032, a time as 2026-10-03 19:42, true, or "a text"'
    )


def plain(found: Any) -> Value | None:
    """What a database gave, as a value; None for nothing, for what is not finite, and for other types."""
    if isinstance(found, bool):
        return found
    if isinstance(found, str):
        return found[: LONGEST + 1]
    if isinstance(found, (int, float, Decimal)):
        number = float(found) if abs(float(found)) < 1e300 else math.nan
        return number if math.isfinite(number) else None
    if isinstance(found, datetime):
        return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    return datetime(found.year, found.month, found.day) if isinstance(found, date) else None


def agrees(one: Value | None, other: Value | None, within: float = WITHIN, seconds: float = 0.0) -> bool:
    """Whether a value is so near to the truth: numbers to a share of the truth (`other`), times to so many seconds."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return abs((one - other).total_seconds()) <= seconds
    if is_number(one) and is_number(other):
        return abs(one - other) <= within * abs(other) + 1e-12
    return type(one) is type(other) and one is not None and one == other


def gives(written: Written, found: Value, within: float = WITHIN) -> bool:
    """Whether a query that gave `found` bears what was written: to one per cent, or to the last digit."""
    value = written.value
    if isinstance(value, datetime) and isinstance(found, datetime):
        return abs((value - found).total_seconds()) < written.digit
    if is_number(value) and is_number(found):
        return agrees(value, found, within) or abs(value - found) <= written.digit * (1 + 1e-9)
    return agrees(value, found)


def shows(text: str, value: Value) -> bool | None:
    """Whether what stands last in a text is this value, rounded as one likes. None: nothing of its kind is there."""
    tail = text.rstrip(" \t\n*_`\"'\u201d\u2019")[-(LONGEST + 40) :]
    last = tail.rsplit(maxsplit=1)[-1] if tail.split() else ""
    if isinstance(value, bool):
        word = last.lower()
        return None if word not in _TRUE | _FALSE else (word in _TRUE) == value
    if isinstance(value, str):
        before = tail.removesuffix(value)
        if before != tail and not re.search(r"[\w-]$", before):
            return True
        return False if re.search(r"\d", last) else None
    if isinstance(value, datetime):
        return _shows_time(tail, value)
    return _shows_number(tail, value)


def _shows_time(tail: str, value: datetime) -> bool | None:
    found = _SHOWN_TIME.search(tail)
    if not found:
        return None
    day, hour, minute, second = found.groups()
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        return False
    moment = value.replace(hour=int(hour), minute=int(minute), second=int(second or 0), microsecond=0)
    if day and day != value.date().isoformat():
        return False
    return abs(value - moment) < timedelta(seconds=1 if second else 60)


def _shows_number(tail: str, value: float) -> bool | None:
    found = _SHOWN_NUMBER.search(tail)
    if not found:
        return None
    digits, part, scale = re.sub(r"\D", "", found["digits"]), found["part"] or "", found["scale"] or ""
    zeros = len(digits) - len(digits.rstrip("0")) if not part and int(digits) else 0
    size = _SCALES.get(scale.lower(), 1.0)
    shown = float(digits + part) * size * (-1 if found["sign"] else 1)
    unit = 10.0 ** (zeros - max(0, len(part) - 1)) * size
    sizes = (1.0, 100.0) if scale in _PARTS else (1.0,)
    return any(_rounds(value, shown / each, unit / each) for each in sizes)


def _rounds(value: float, shown: float, unit: float) -> bool:
    off = abs(value - shown)
    return off <= unit / 2 * (1 + 1e-9) and off <= ROUNDED * abs(value) + 1e-12


def is_number(value: object) -> TypeGuard[float]:
    """True is none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)
