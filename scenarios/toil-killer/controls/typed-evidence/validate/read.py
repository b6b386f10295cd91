"""From bytes to text, JSON and tables, strictly. Whatever does not fit raises Unfit; nothing is guessed, nothing is run."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from datetime import date
from typing import Any

DEEPEST = 20
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
STRINGS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', re.DOTALL)  # one that is not closed goes to the end: linear


class Unfit(Exception):
    """The package fails step 1; the message says where, and what to do."""


def shown(text: object) -> str:
    """A name out of a package, safe to print and short."""
    return str(text).encode("ascii", "backslashreplace").decode()[:60]


def text_of(content: bytes, path: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise Unfit(f"{path} is not text in UTF-8: save it as UTF-8") from None


def depth(text: str) -> int:
    """How many levels deep brackets stand, those in strings not counted."""
    level = most = 0
    for sign in STRINGS.sub("", text):
        if sign in "[{":
            level += 1
            most = max(most, level)
        elif sign in "]}":
            level -= 1
    return most


def finite(value: float | str, where: str) -> float:
    """A number; text has to look like one in plain digits."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise Unfit(f"{where} is not a number: send a finite number")
    if isinstance(value, str) and not NUMBER.fullmatch(value):
        raise Unfit(f"{where} is '{shown(value)}', which is not a number: send a finite number")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise Unfit(f"{where} is not finite: send a finite number")
    return found


def json_of(text: str, path: str) -> dict[str, Any]:
    """The object in a JSON file."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise Unfit(f"{path} has a key twice in one object: keep one of the two")
        return found

    def whole(digits: str) -> int:
        finite(digits, f"a number of {path}")
        return int(digits)

    def constant(word: str) -> float:
        raise Unfit(f"{path} holds {word}, which is not a number: send a finite number")

    if depth(text) > DEEPEST:
        raise Unfit(f"{path} is more than {DEEPEST} levels deep: make it flatter")
    try:
        found = json.loads(
            text,
            object_pairs_hook=once,
            parse_int=whole,
            parse_float=lambda digits: finite(digits, f"a number of {path}"),
            parse_constant=constant,
        )
    except (ValueError, RecursionError):
        raise Unfit(f"{path} is not valid JSON: export it again") from None
    if not isinstance(found, dict):
        raise Unfit(f"{path} does not hold an object: put its content in braces")
    return found


def table_of(text: str, path: str) -> dict[str, list[str]]:
    """The columns of a CSV file, by name."""
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
    except csv.Error:
        raise Unfit(f"{path} is not a valid CSV table: export it again") from None
    if not lines:
        raise Unfit(f"{path} is empty: send its header and a row for each borrower")
    header, *rows = lines
    if len(set(header)) != len(header):
        raise Unfit(f"{path} has a column twice: keep one of the two")
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise Unfit(f"row {number} of {path} has {len(row)} cells, the header {len(header)}: export it again")
    columns = zip(*rows, strict=True) if rows else [()] * len(header)
    return {name: list(cells) for name, cells in zip(header, columns, strict=True)}


def column(table: dict[str, list[str]], name: str, path: str) -> list[str]:
    if name not in table:
        raise Unfit(f"{path} has no column {shown(name)}: add it")
    return table[name]


def numbers(table: dict[str, list[str]], name: str, path: str) -> list[float]:
    return [
        finite(cell, f"{shown(name)} in row {number} of {path}")
        for number, cell in enumerate(column(table, name, path), 2)
    ]


def get(found: dict[str, Any], key: str, kind: type, path: str) -> Any:
    """What stands at a key, which must be of that kind."""
    value = found.get(key)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Unfit(f"{path} has no proper '{key}': add it")
    return value


def names(found: dict[str, Any], key: str, path: str) -> tuple[str, ...]:
    value = get(found, key, list, path)
    if not all(isinstance(each, str) for each in value):
        raise Unfit(f"'{key}' of {path} is not a list of names: make it one")
    return tuple(value)


def floats(found: dict[str, Any], key: str, path: str) -> tuple[float, ...]:
    value = get(found, key, list, path)
    if any(isinstance(each, str) for each in value):
        raise Unfit(f"'{key}' of {path} is not a list of numbers: make it one")
    return tuple(finite(each, f"'{key}' of {path}") for each in value)


def day(found: dict[str, Any], key: str, path: str) -> date:
    value = get(found, key, str, path)
    try:
        if DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Unfit(f"'{key}' of {path} is not a day as 2026-05-14: correct it")
