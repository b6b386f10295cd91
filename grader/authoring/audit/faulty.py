"""The ways in which an answer can be bad, and what each does to every objective: found in the objectives' own SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.course.slo import Slo
from grader.events import literals

if TYPE_CHECKING:
    import duckdb

_SAID = re.compile(r"\b(answer|served_by)\b\s*(?:=|<>|!=|(?:NOT\s+)?IN)\s*(\([^)]*\)|'[^']*')", re.IGNORECASE)
_TEXT = re.compile(r"'([^']*)'")
_NONE = {"status": "0::INTEGER", "answer": "'none'", "done": "NULL::DOUBLE", "served_by": "''"}
_REFUSED = {"status": "503::INTEGER", "answer": "'none'", "done": "due + 0.01", "latency": "0.01::DOUBLE"}
OTHER = "something else"
"""An answer that no objective names."""


@dataclass(frozen=True)
class Way:
    """How events are bad: what is said of it, and what it makes of an event's columns (SQL)."""

    says: str
    columns: Mapping[str, str]

    @property
    def of_words(self) -> bool:
        """Whether there is an answer in time, and only what it says is bad: the one way of our own parts."""
        return set(self.columns) == {"status", "answer"}


def ways(slos: Iterable[Slo], answered: Iterable[str], *, of_ours: bool = False) -> list[Way]:
    """Unanswered, refused, late, each word that an objective or the recorded pass has, each version that serves.

    `of_ours`: it is sealed parts that answer, and tell how things went; then words are the only ways.
    """
    said: dict[str, dict[str, None]] = {"answer": {}, "served_by": {}}
    for slo in slos:
        for column, values in _SAID.findall(f"{slo.good} ; {slo.total}"):
            said[column.lower()].update(dict.fromkeys(_TEXT.findall(values)))
    said["answer"].update(dict.fromkeys(answered))
    found = [
        Way("unanswered", {**_NONE, "latency": "'infinity'::DOUBLE"}),
        Way("refused", {**_REFUSED, "served_by": "''"}),
        Way("late", {"done": "due + 3600", "latency": "3600::DOUBLE"}),
    ]
    found += [_answered(word) for word in said["answer"] if word not in ("", "none")]
    found += [Way(f"served by `{name}`", {"served_by": _quoted(name)}) for name in said["served_by"] if name]
    return [way for way in found if way.of_words] if of_ours else found


def other_way() -> Way:
    """With a word that no objective names. What a load says of an answer is one of its words; so this is a way only
    where none of these is bad."""
    return _answered(OTHER)


def _answered(word: str) -> Way:
    return Way(f"answered `{word}`", {"status": "200::INTEGER", "answer": _quoted(word)})


def outcomes(
    connection: duckdb.DuckDBPyConnection, slos: Iterable[Slo], way: Way | None = None
) -> dict[str, tuple[Any, Any]]:
    """For each objective whether each event counts, and whether it is good: two arrays, in the order of the table.

    Windows are not looked at. `way`: as it would be if all events were bad in this way.
    """
    changed = ", ".join(f"{value} AS {name}" for name, value in (way.columns if way else {}).items())
    source = (
        f"(SELECT * REPLACE ({changed}), rowid AS place FROM events)"
        if changed
        else "(SELECT *, rowid AS place FROM events)"
    )
    wanted = list(slos)
    columns = ", ".join(
        f"{valid} AS v{n}, {valid} AND coalesce(({slo.good}), false) AS g{n}"
        for n, slo in enumerate(wanted)
        for valid in [f"coalesce(({slo.total}), false)"]
    )
    table = connection.execute(f"SELECT {columns} FROM {source} ORDER BY place").fetchnumpy()
    return {slo.id: (table[f"v{n}"].astype(bool), table[f"g{n}"].astype(bool)) for n, slo in enumerate(wanted)}


def _quoted(word: str) -> str:
    return literals([word])[1:-1]
