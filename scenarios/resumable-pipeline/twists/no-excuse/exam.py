"""What the books of the nights say."""

from __future__ import annotations

import json

TO_SPARE = 3


def spent(body: bytes) -> tuple[float, str]:
    """The most steps that a night has done again: `thrifty`, or `too much`."""
    most = max((int(night["steps done again"]) for night in json.loads(body)), default=0)
    return float(most), "thrifty" if most <= TO_SPARE else "too much"
