"""JSON of strangers, read so that nothing in it can break who reads on."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

MAX_DEPTH = 20
MAX_DIGITS = 18


def loads(data: bytes | str) -> Any:
    """Parsed JSON of finite numbers, at most 20 deep.

    Raises:
        ValueError: it is not JSON, or has NaN, an infinite number, an integer over 18 digits, or more depth. One
            sentence.
    """
    try:
        found = json.loads(data, parse_constant=_no_constant, parse_float=_finite, parse_int=_integer)
    except RecursionError:
        raise ValueError(f"nested more than {MAX_DEPTH} deep") from None
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    if isinstance(found, (dict, list)):
        _measure(found)
    return found


def clean(text: object, most: int) -> str:
    """A text that can be encoded and shown: at most so many characters, without halves of characters."""
    return str(text)[:most].encode("utf-8", "replace").decode("utf-8")


def _measure(found: Any) -> None:
    level, depth = [found], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise ValueError(f"nested more than {MAX_DEPTH} deep")
        inside = [child for each in level for child in (each.values() if isinstance(each, dict) else each)]
        level = [child for child in inside if isinstance(child, (dict, list))]


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a whole number has more than {MAX_DIGITS} digits")
    return int(digits)
