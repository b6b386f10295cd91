"""Claims of a review: what stands in the text, and a footnote for each."""

from datetime import datetime
from typing import Any

from figures import Figure


class Claims:
    def __init__(self) -> None:
        self._notes: list[str] = []

    def add(self, name: str, figure: Figure, unit: str = "") -> str:
        """The value for the text, with its reference. What cannot be told makes no claim."""
        if figure.value is None:
            return "unknown"
        self._notes.append(f"[^{name}]:{_source(figure.query)}gives {_value(figure.value)}")
        return f"{_text(figure.value, unit)}[^{name}]"

    def notes(self) -> str:
        return "\n".join(self._notes)


def _source(query: str) -> str:
    if not query or query.startswith("="):  # a formula over other claims
        return f" `{query}` " if query else " "
    lines = "\n".join(f"    {line}" for line in query.split("\n"))
    return f"\n    ```sql\n{lines}\n    ```\n    "


def _value(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return f'"{value}"' if isinstance(value, str) else f"{value:.5f}".rstrip("0").rstrip(".")


def _text(value: Any, unit: str) -> str:
    """For a reader. `points` and `%` are of a share; digits are few, and never off by a tenth."""
    if isinstance(value, datetime):
        return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
    if isinstance(value, str):
        return value
    number = value * 100 if unit in ("points", "%") else value
    places = 2 if abs(number) < 5 else 1 if abs(number) < 100 else 0
    text = f"{number:,.0f}" if number == int(number) else f"{number:,.{places}f}"
    return f"{text} {unit}".strip()
