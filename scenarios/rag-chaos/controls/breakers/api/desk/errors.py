"""What can go wrong, in our words: whoever talks to something outside turns its errors into these."""

from __future__ import annotations


class Unavailable(Exception):
    """Somebody we depend on did not do its part: no answer, a late one, or one that makes no sense."""

    def __init__(self, what: str, why: object) -> None:
        super().__init__(f"{what}: {why!r}" if isinstance(why, BaseException) else f"{what}: {why}")
        self.what = what


class NoAnswer(Exception):
    """Every way to an answer has failed."""
