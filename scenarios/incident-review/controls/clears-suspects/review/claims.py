"""Claims of a review: each is asked of the tables with the query that its footnote shows, so the two cannot differ."""

import sys
from datetime import datetime
from typing import Any

import duckdb

UNKNOWN = "unknown"


class Claims:
    def __init__(self, case: duckdb.DuckDBPyConnection) -> None:
        self._case = case
        self.values: dict[str, Any] = {}
        self.shown: dict[str, str] = {}
        self._notes: dict[str, str] = {}

    def ask(self, name: str, sql: str, style: str = "") -> Any:
        """The value of a query, None if it has none; noted under this name, to be shown in this style."""
        value = self.value(sql, name)
        if value is not None:
            self.note(name, value, style, sql)
        return value

    def value(self, sql: str, name: str = "") -> Any:
        """What a query gives, None for nothing. One figure that fails must not cost the review the others."""
        try:
            rows = self._case.sql(sql).fetchall()
        except duckdb.Error as error:
            print(f"{name}: {error}", file=sys.stderr)
            return None
        return rows[0][0] if rows else None

    def column(self, sql: str) -> list[Any]:
        return [row[0] for row in self._case.sql(sql).fetchall()]

    def note(self, name: str, value: Any, style: str = "", sql: str = "", formula: str = "") -> None:
        self.values[name] = value
        self.shown[name] = f"{_shown(value, style)}[^{name}]{_unit(style)}"
        if sql:
            block = "".join(f"    {line}\n" for line in ("```sql", *sql.splitlines(), "```"))
            self._notes[name] = f"[^{name}]:\n{block}    gives {_exact(value)}"
        else:
            self._notes[name] = f"[^{name}]: " + (f"`= {formula}` " if formula else "") + f"gives {_exact(value)}"

    def __getitem__(self, name: str) -> str:
        return self.shown.get(name, UNKNOWN)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def notes(self) -> str:
        return "\n".join(self._notes.values())


def _exact(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, str):
        return f'"{value}"'
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _shown(value: Any, style: str) -> str:
    if isinstance(value, datetime):
        return f"{value:%H:%M}"
    if isinstance(value, str):
        return value
    if style == "share":
        return "0 %" if value == 0 else f"{100 * value:.{_digits(100 * value)}f} %"
    if style == "points":
        return f"{100 * value:.{_digits(100 * value)}f} points"
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:.{_digits(value)}f}"


def _digits(value: float) -> int:
    """Decimals that keep what is shown well within a tenth of what is."""
    return 1 if abs(value) >= 1 or value == 0 else 2 if abs(value) >= 0.1 else 4


def _unit(style: str) -> str:
    return f" {style}" if style not in ("", "share", "points") else ""
