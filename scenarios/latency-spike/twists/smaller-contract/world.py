"""Whether the provider has a limit."""

from __future__ import annotations

from grader.labkit import read


def limited(calls: int) -> bool:
    """Whether it takes so many calls at a time."""
    return bool(read("llm", 9000, "/limits")["max_concurrent"] == calls)
