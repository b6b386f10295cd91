"""What was said about a tray, kept for pages and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tray import Tray


@dataclass
class Seen:
    """`decisions` as they were handed in; `loaded`: a pickle was; `right`, `told`: what is saved."""

    tray: Tray
    decisions: dict[str, Any]
    loaded: bool
    error: str
    right: dict[str, float] = field(default_factory=dict)
    told: dict[str, float] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """All packages of the tray."""
        return [str(one["id"]) for one in self.tray.sent["packages"]]
