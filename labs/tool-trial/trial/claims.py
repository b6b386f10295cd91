"""Claims of a document: a footnote each, and what stands in the text before it."""

from typing import Any


class Claims:
    def __init__(self) -> None:
        self.shown: dict[str, str] = {}
        self._notes: list[str] = []

    def add(self, name: str, value: Any, query: str = "") -> None:
        self.shown[name] = f"{_text(name, value)}[^{name}]"
        source = f"`{query}` " if query else ""  # TODO the bench wants queries behind figures
        self._notes.append(f"[^{name}]: {source}gives {_value(value)}")

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
    if name.startswith(("found-", "bus-")):
        return f"{100 * value:.1f} %"
    return f"{value:.2f}"
