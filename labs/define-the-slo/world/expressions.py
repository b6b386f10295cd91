"""A SQL expression over one row of the log, looked up for all row types at once."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from plainyaml import NotPlain
from rows import COLUMNS, Row

MOST_CHARACTERS, MOST_WILDCARDS = 4_000, 3
NUMBERS = ("synthetic", "status", "latency_ms", "items", "fallback")
LOGIC = ("and", "or", "not", "in", "between", "like", "is", "null", "true", "false")
CASES = ("case", "when", "then", "else", "end")
WORDS = {*LOGIC, *CASES, "lower", "coalesce", *COLUMNS}
"""Nothing that selects, joins or calls anything else."""

_WORD, _TEXT, _NUMBER = r"(?P<word>[A-Za-z_]\w*)", r"(?P<text>'(?:[^']|'')*')", r"\d+(?:\.\d+)?(?!\w)"
_TOKEN = re.compile(rf"\s*(?:{_WORD}|{_TEXT}|{_NUMBER}|<>|[<>!=]=|[<>=(),])\s*", re.ASCII)


def understood(expression: str) -> str:
    """A query's expression, if it is one of the few that are; else NotPlain."""
    if len(expression) > MOST_CHARACTERS:
        raise NotPlain(f"an expression has at most {MOST_CHARACTERS} characters")
    at = 0
    while at < len(expression):
        token = _TOKEN.match(expression, at)
        if token is None:
            raise NotPlain(f"{expression[at : at + 20]!r} is not understood; a query is one boolean expression")
        word, text = token["word"], token["text"]
        if word and word.lower() not in WORDS:
            raise NotPlain(f"{word[:40]!r} is no column; there are {', '.join(COLUMNS)}")
        if text and text.count("%") > MOST_WILDCARDS:
            raise NotPlain(f"a text has at most {MOST_WILDCARDS} times %")
        at = token.end()
    return expression


class Log:
    """All row types, in a table of SQLite that nothing else is in."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._table = sqlite3.connect(":memory:", check_same_thread=False)
        columns = ", ".join(f"{name} {'INT' if name in NUMBERS else 'TEXT'}" for name in COLUMNS)
        self._table.execute(f"CREATE TABLE log ({columns})")
        places = ", ".join("?" * len(COLUMNS))
        self._table.executemany(f"INSERT INTO log VALUES ({places})", (row.columns for row in rows))
        self._table.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 200)

    def where(self, expression: str) -> NDArray[Any]:
        """Of each row type, whether the expression is true; NULL is not. NotPlain if it is no expression."""
        text = understood(expression)
        try:
            found = self._table.execute(f"SELECT (({text})) IS TRUE FROM log").fetchall()
        except (sqlite3.Error, ValueError, OverflowError) as error:
            raise NotPlain(f"no expression: {error}") from None
        return np.array(found, bool).reshape(-1)
