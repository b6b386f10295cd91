"""Receipts: who made an answer, of what and when, on nobody's word. Standard library only; README.md shows how."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import Any

__all__ = ["Receipt", "checked", "issue", "read"]

DIGITS = 16
MOST = 200
_NAME = re.compile(r"[A-Za-z0-9_@+-]{1,60}")
_FORM = re.compile(r"(0|[1-9][0-9]{0,15})\.([A-Za-z0-9_@+-]{1,60})\.([A-Za-z0-9_@+-]{1,60})\.([0-9a-f]{16})")


@dataclass(frozen=True)
class Receipt:
    """What a receipt says.

    Attributes:
        issued_ms: when the answer was given, in milliseconds since the epoch, by the clock of who gave it.
        who: gave it.
        version: of who gave it.
    """

    issued_ms: int
    who: str
    version: str

    @property
    def issued(self) -> float:
        """When the answer was given, in seconds since the epoch."""
        return self.issued_ms / 1000


def issue(key: str, subject: Any, answer: Any, *, who: str, version: str, issued_ms: int) -> str:
    """A receipt for an answer.

    Args:
        key: that nobody else has.
        subject: what was asked, as JSON has it.
        answer: what was answered to it, as JSON has it.
        who, version: 1 to 60 letters, digits, `_`, `@`, `+`, `-` each: no dot.
        issued_ms: milliseconds since the epoch.

    Raises:
        ValueError: the key is empty, who, version or time cannot stand in a receipt, or what is covered is no JSON.
    """
    if not key:
        raise ValueError("a receipt needs a key")
    if not (_NAME.fullmatch(who) and _NAME.fullmatch(version)):
        raise ValueError(f"{who!r} or {version!r} cannot stand in a receipt: 1 to 60 letters, digits, _ @ + -")
    if not 0 <= issued_ms < 10**16:
        raise ValueError(f"{issued_ms} is no time in milliseconds since the epoch")
    try:
        mac = _mac(key, subject, answer, Receipt(issued_ms, who, version))
    except (TypeError, RecursionError, OverflowError) as error:
        raise ValueError(f"no JSON: {error}") from None
    return f"{issued_ms}.{who}.{version}.{mac}"


def read(text: object) -> Receipt | None:
    """What a text says if it has a receipt's form, whether it is true or not; None for anything else."""
    found = _FORM.fullmatch(text) if isinstance(text, str) and len(text) <= MOST else None
    return Receipt(int(found[1]), found[2], found[3]) if found else None


def checked(key: str, text: object, subject: Any, answer: Any) -> Receipt | None:
    """What a receipt says if it is one, for this subject and this answer; else None. Never raises, whatever a stranger
    handed in as one of the three."""
    said = read(text)
    if said is None or not key:
        return None
    try:
        mac = _mac(key, subject, answer, said)
    except (TypeError, ValueError, RecursionError, OverflowError):
        return None
    return said if hmac.compare_digest(mac, str(text).rpartition(".")[2]) else None


def _mac(key: str, subject: Any, answer: Any, said: Receipt) -> str:
    covered = [_plain(subject), _plain(answer), said.issued_ms, said.who, said.version]
    text = json.dumps(covered, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hmac.new(key.encode("utf-8", "surrogatepass"), text.encode(), hashlib.sha256).hexdigest()[:DIGITS]


def _plain(value: Any) -> Any:
    """As JSON has it, whoever wrote it: 2.0 and 2 are one number there, a tuple is a list."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, dict):
        return {_key(key): _plain(inside) for key, inside in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inside) for inside in value]
    return value


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError("a key that is no text")
    return key
