"""A launch and its review, kept for pages and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cited import Examined
    from judge import Said
    from launches import Made


@dataclass
class Seen:
    """`tables`, `twin`: as Parquet. `looks`: minutes at which each rollout is looked at. `ended`: minute at which it
    was stopped, or 0, and by what. `words`: told of it."""

    made: Made
    way: str
    tables: dict[str, bytes]
    twin: dict[str, bytes]
    document: str = ""
    why: str = ""
    found: Examined | None = None
    looks: dict[str, list[int]] = field(default_factory=dict)
    ended: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    words: list[tuple[str, Said]] = field(default_factory=list)
