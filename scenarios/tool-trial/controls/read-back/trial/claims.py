"""Claims of a document: a footnote each, and what stands in the text before it."""

from textwrap import indent
from typing import Any

import duckdb


class Claims:
    """Collects claims. The value of a claim is what its query gives."""

    def __init__(self, case: duckdb.DuckDBPyConnection) -> None:
        self.values: dict[str, Any] = {}
        self.shown: dict[str, str] = {}
        self._case = case
        self._notes: list[str] = []

    def ask(self, name: str, query: str) -> None:
        """A claim that stands on a query. If that gives null, the text says that it is not known."""
        ((value,),) = self._case.sql(query).fetchall()
        self.values[name] = value
        if value is None:
            self.shown[name] = "not known"
            return
        self._add(name, value, indent(f"```sql\n{query}\n```\n", "    ") + "    ")

    def say(self, name: str, value: str) -> None:
        """A claim that needs no query."""
        self.values[name] = value
        self._add(name, value, " ")

    def notes(self) -> str:
        return "\n".join(self._notes)

    def _add(self, name: str, value: Any, source: str) -> None:
        self.shown[name] = f"{_text(name, value)}[^{name}]"
        start = "\n" if "\n" in source else ""
        self._notes.append(f"[^{name}]:{start}{source}gives {_value(value)}")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else f"{value:.6f}"


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if name.startswith(("found-", "bus-")):
        return f"{100 * value:.1f} %"
    if value == 0:
        return "0"
    return f"{value:.2f}" if value >= 1 else f"{value:.4f}"  # small ones need their digits too
