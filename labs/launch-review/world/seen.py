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
    """What was made, asked and told of one launch.

    Attributes:
        number: of the launch in its plan, from 1.
        tables, twin: as Parquet.
        looks: minutes at which each rollout is looked at.
        ended: minute at which each was stopped, or 0, and by what.
        words: told of it, with an aspect each.
    """

    number: int
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

    @property
    def name(self) -> str:
        """The launch's number and model."""
        return f"{self.number} {self.made.terms.model}"
