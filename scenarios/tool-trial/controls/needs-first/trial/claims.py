"""Claims of a document: a footnote each, and what stands in the text before it."""

from textwrap import indent
from typing import Any


class Claims:
    def __init__(self) -> None:
        self.shown: dict[str, str] = {}
        self._notes: list[str] = []

    def add(self, name: str, value: Any, query: str = "") -> None:
        """A claim, with the query that gives its value. What has no value is not claimed."""
        if value is None:
            self.shown[name] = "not known"
            return
        self.shown[name] = f"{_text(name, value)}[^{name}]"
        given = f"gives {_value(value)}"
        proof = "\n" + indent(f"```sql\n{query}\n```\n{given}", "    ") if query else f" {given}"
        self._notes.append(f"[^{name}]:{proof}")

    def notes(self) -> str:
        return "\n".join(self._notes)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else f"{value:.6f}"


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if name.startswith(("found-", "bus-", "vendor-")):
        return f"{100 * value:.1f} %"
    return f"{value:.2f}"
