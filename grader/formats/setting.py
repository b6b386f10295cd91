"""What some formats want to know that a result does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Setting:
    """When the run was judged, in UTC, and the variables of the job around it."""

    judged: datetime
    environment: Mapping[str, str]

    def stamp(self) -> str:
        """When, as `2026-11-28T12:00:00Z`."""
        return self.judged.strftime("%Y-%m-%dT%H:%M:%SZ")
