"""What is told of partners, in PARTNERS and in a plan."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casebook.shapes import fits

CALL, QUEUE, BOOK = KINDS = ("call", "queue", "book")
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
LISTEN = re.compile(r"\S+:\d{1,5}")
KEY_SIGNS = 16, 200
LONGEST_S = 600.0
_FORM = {"name": str, "listen": str, "kind": set(KINDS)}
_MORE = {"seconds": float, "slots": int, "key": str, "item": str, "visible_s": float}


@dataclass(frozen=True)
class Partner:
    """One partner, with a port of its own.

    Attributes:
        name, listen: what faults and the ledger call it; `host:port`.
        kind: `call`, `queue` or `book`.
        seconds: that a call takes.
        slots: calls at work at once, the others wait; 0: any number.
        key: of a book, the field of an entry that says whose it is.
        item: of a book with levels, the field of an entry that says what it takes one of.
        visible_s: of a queue, when a message that was handed out and not deleted is seen again.
    """

    name: str
    listen: str
    kind: str
    seconds: float = 0.05
    slots: int = 0
    key: str = ""
    item: str = ""
    visible_s: float = 30.0


@dataclass(frozen=True)
class Terms:
    """What a plan says.

    Attributes:
        key: of receipts; empty: one that nobody knows.
        seconds: of calls, by partner, in place of PARTNERS'.
        levels: by book and item, how many there are to be had.
        refused: by book and field, values for which an entry is refused (402).
    """

    key: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)
    levels: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    refused: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)


def partners(raw: Any) -> tuple[Partner, ...]:
    """The list in PARTNERS.

    Raises:
        ValueError: it makes no sense; one sentence.
    """
    if not isinstance(raw, list) or not raw:
        raise ValueError("PARTNERS must be a list of at least one partner")
    made = tuple(_partner(each, f"PARTNERS[{n}]") for n, each in enumerate(raw))
    for what in ("name", "listen"):
        if len({getattr(partner, what) for partner in made}) < len(made):
            raise ValueError(f"PARTNERS: two have one {what}")
    return made


def terms(raw: Mapping[str, Any], known: Sequence[Partner]) -> Terms:
    """The plan that an exam posts.

    Raises:
        ValueError: it makes no sense; one sentence.
    """
    names = {partner.name for partner in known}
    books = {partner.name for partner in known if partner.kind == BOOK}
    shapes: dict[str, tuple[Any, set[str]]] = {
        "seconds": ({str: float}, names),
        "levels": ({str: {str: int}}, books),
        "refused": ({str: {str: [str]}}, books),
    }
    if not raw.keys() <= {"key", *shapes}:
        raise ValueError(f"a plan has key, {', '.join(shapes)}, and nothing else")
    least, most = KEY_SIGNS
    key = raw.get("key", "")
    if "key" in raw and not (isinstance(key, str) and least <= len(key) <= most):
        raise ValueError(f"key must be a text of {least} to {most} characters")
    for name, (shape, allowed) in shapes.items():
        said = raw.get(name, {})
        if not fits(said, shape) or not said.keys() <= allowed:
            raise ValueError(f"{name} must be an object by partner, of {', '.join(sorted(allowed)) or 'which none is'}")
    if not all(_lasts(value) for value in raw.get("seconds", {}).values()):
        raise ValueError(f"seconds must be 0 to {LONGEST_S:g}")
    return Terms(**raw)


def _partner(raw: Any, where: str) -> Partner:
    if not fits(raw, _FORM):
        raise ValueError(f"{where} must have name, listen and kind, which is one of {', '.join(KINDS)}")
    if not raw.keys() <= {*_FORM, *_MORE}:
        raise ValueError(f"{where} takes {', '.join([*_FORM, *_MORE])}, and nothing else")
    if not all(fits(raw[name], shape) for name, shape in _MORE.items() if name in raw):
        raise ValueError(f"{where}: seconds and visible_s are numbers, slots is a whole one, key and item are texts")
    made = Partner(**raw)
    if not NAME.fullmatch(made.name) or not LISTEN.fullmatch(made.listen):
        raise ValueError(f"{where}: name has 1 to 40 small letters, digits and dashes, listen is host:port")
    if not (_lasts(made.seconds) and _lasts(made.visible_s) and 0 <= made.slots <= 1000):
        raise ValueError(f"{where}: seconds and visible_s are 0 to {LONGEST_S:g}, slots 0 to 1000")
    if (made.kind == BOOK) != bool(made.key) or (made.item and made.kind != BOOK):
        raise ValueError(f"{where}: a book has a key, and perhaps an item; others have neither")
    return made


def _lasts(seconds: float) -> bool:
    return math.isfinite(seconds) and 0 <= seconds <= LONGEST_S
