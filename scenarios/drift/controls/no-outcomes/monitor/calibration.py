"""Outcomes come three days late, so nothing is decided by them."""

from __future__ import annotations

from typing import Any


class Calibration:
    def add(self, outcomes: dict[str, Any]) -> None:
        pass

    def lost(self) -> bool:
        return False
