"""Claims of a review: a footnote each, and what stands in the text before it."""

from datetime import datetime
from typing import Any


class Claims:
    def __init__(self) -> None:
        self.shown: dict[str, str] = {}
        self._notes: list[str] = []

    def add(self, name: str, value: Any, query: str = "") -> None:
        self.shown[name] = f"{_text(name, value)}[^{name}]"
        source = f"`{' '.join(query.split())}` " if query else ""
        self._notes.append(f"[^{name}]: {source}gives {_value(value)}")

    def notes(self) -> str:
        return "\n".join(self._notes)


def _value(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return f'"{value}"' if isinstance(value, str) else f"{value:.5f}".rstrip("0").rstrip(".")


def _text(name: str, value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%H:%M}"
    if isinstance(value, str):
        return value
    if name == "failed-share":
        return f"{100 * value:.1f} %"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
