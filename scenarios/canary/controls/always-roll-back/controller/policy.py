"""When a release is bad: always. Nobody was ever paged for a release that did not happen."""

from __future__ import annotations

from metrics import Totals


def problem(canary: Totals, stable: Totals) -> str:
    """What is wrong with the release."""
    return "a release is a risk"
