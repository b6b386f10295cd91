"""What the desk says of its night."""

from __future__ import annotations

from grader.labkit import read


def seen(night: int, rebuilds: int) -> bool:
    """Whether this night is on, and so many rebuilds came in it."""
    ledger = read("desk", 9000, "/ledger")
    return bool(ledger["night"] == int(night) and ledger["rebuilds"] == int(rebuilds))
