"""Faults as the exam posts them, each for a share of the calls, and what they mean for one call. Nothing here waits."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

Fits = Callable[[Any], bool]
MOST = 20
_TEXT = "a text of 1 to 80 characters"


def _number(low: float, high: float) -> tuple[str, Fits]:
    return (
        f"a number from {low:g} to {high:g}",
        lambda value: (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and math.isfinite(value)
            and low <= value <= high
        ),
    )


def _one_of(*choices: Any) -> tuple[str, Fits]:
    return f"one of {', '.join(map(str, choices))}", lambda value: type(value) is type(choices[0]) and value in choices


def _text() -> tuple[str, Fits]:
    return _TEXT, lambda value: isinstance(value, str) and 0 < len(value) <= 80


COMMON: Mapping[str, tuple[str, Fits]] = {
    "kind": _text(),
    "share": _number(0, 1),
    "seed": ("a whole number from 0 to 2^63", lambda value: type(value) is int and 0 <= value <= 2**63),
    "port": _text(),
    "model": _text(),
    "endpoint": _text(),
    "tenant": _text(),
    "per": _one_of("attempt", "id"),
}
KINDS: Mapping[str, Mapping[str, tuple[str, Fits]]] = {
    "slow": {"add_s": _number(0, 600), "factor": _number(1, 1000)},
    "timeout": {"hold_s": _number(0.1, 600)},
    "error": {"status": _one_of(500, 502, 503, 504)},
    "rate_limit": {"retry_after_s": _number(0.001, 3600)},
    "drop": {"at": _one_of("start", "body")},
    "malformed": {},
    "truncated": {},
    "outage": {"look": _one_of("reset", "503")},
    "hold": {"add_s": _number(0, 600)},
}


@dataclass(frozen=True)
class Fault:
    """One fault. Keys of other kinds keep their defaults and mean nothing; README.md has what each does.

    Attributes:
        kind: a key of `KINDS`, or a word of the part's own.
        share: ratio of the matching calls that it hits, 0 to 1.
        seed: of the draw that picks them.
        port, model, endpoint, tenant: only such calls match; all, when empty.
        per: `attempt`, a repeated call is drawn anew, or `id`, its fate is fixed.
        add_s: seconds more. factor: times as long. hold_s: seconds until a hanging connection is closed.
        status: of HTTP. retry_after_s: seconds. at: `start`, `body`. look: `reset`, `503`.
    """

    kind: str
    share: float = 1.0
    seed: int = 0
    port: str = ""
    model: str = ""
    endpoint: str = ""
    tenant: str = ""
    per: str = "attempt"
    add_s: float = 0.0
    factor: float = 1.0
    hold_s: float = 120.0
    status: int = 503
    retry_after_s: float = 1.0
    at: str = "start"
    look: str = "reset"

    def shown(self) -> dict[str, Any]:
        """As the control port takes it: the common keys and those of its kind."""
        keys = {**COMMON, **KINDS.get(self.kind, {})}
        return {key: value for key, value in asdict(self).items() if key in keys and value != ""}


class Called(NamedTuple):
    """A call as faults see it: where it came, whose it is, its id, and how often that id has come, from 1."""

    port: str
    model: str
    endpoint: str
    tenant: str
    id: str
    attempt: int


@dataclass(frozen=True)
class Fate:
    """What the faults do to one call.

    Attributes:
        kinds: all that hit it, in the order of the list.
        ends: the fault that decides the answer, or None.
        factor, add_s: of the seconds that it takes.
        acting: words of the part's own that hit it.
    """

    kinds: tuple[str, ...] = ()
    ends: Fault | None = None
    factor: float = 1.0
    add_s: float = 0.0
    acting: frozenset[str] = frozenset()

    def ends_by(self, *kinds: str) -> Fault | None:
        """The deciding fault, if it is of one of these kinds."""
        return self.ends if self.ends is not None and self.ends.kind in kinds else None


NOTHING = Fate()


def parse(raw: Any, kinds: Collection[str], words: Collection[str] = ()) -> tuple[Fault, ...]:
    """The faults in a body `{"faults": [{"kind": ...}, ...]}`.

    Args:
        raw: the body.
        kinds: of `KINDS`, those that the part acts out.
        words: of the part's own; they take the common keys.

    Raises:
        ValueError: says in one sentence which fault and key, and what it takes.
    """
    faults = raw.get("faults") if isinstance(raw, dict) else None
    if not isinstance(faults, list) or raw.keys() != {"faults"}:
        raise ValueError("the body needs the key faults alone, a list; an empty one lifts all faults")
    if len(faults) > MOST:
        raise ValueError(f"faults has {len(faults)} entries; {MOST} are the most")
    return tuple(_parsed(each, f"faults[{n}]", kinds, words) for n, each in enumerate(faults))


def _parsed(raw: Any, where: str, kinds: Collection[str], words: Collection[str]) -> Fault:
    kind = raw.get("kind") if isinstance(raw, dict) else None
    if not isinstance(kind, str) or kind not in (*kinds, *words):
        raise ValueError(f"{where}: kind must be one of {', '.join((*kinds, *words))}, and is {str(kind)[:40]}")
    keys = {**COMMON, **KINDS.get(kind, {})}
    for key, value in raw.items():
        if key not in keys:
            raise ValueError(f"{where} ({kind}) has no key {str(key)[:40]!r}; it takes {', '.join(keys)}")
        wanted, fits = keys[key]
        if not fits(value):
            raise ValueError(f"{where} ({kind}): {key} must be {wanted}, and is {str(value)[:40]!r}")
    fault = Fault(**raw)
    if kind == "slow" and fault.factor == 1 and fault.add_s == 0:
        raise ValueError(f"{where} (slow) needs a factor above 1 or add_s above 0: it would pass for one that acts")
    return fault


class Faults:
    """The faults that act now, and how many calls and probes each kind has hit."""

    def __init__(self) -> None:
        self.active: tuple[Fault, ...] = ()
        self.touched: Counter[str] = Counter()
        self.probes: Counter[str] = Counter()

    def shown(self) -> dict[str, Any]:
        """What acts, and what it touched."""
        faults = [fault.shown() for fault in self.active]
        return {"faults": faults, "touched": dict(self.touched), "probes": dict(self.probes)}

    def fate(self, called: Called, *, probe: bool = False) -> Fate:
        """What becomes of one call; a probe meets all that match. `slow` and own words add up, of the others the first
        that hits decides. Counts nothing."""
        if not self.active:
            return NOTHING
        hits = [fault for n, fault in enumerate(self.active) if _hit(fault, n, called, probe)]
        own = frozenset(fault.kind for fault in hits if fault.kind not in KINDS)
        slow = [fault for fault in hits if fault.kind == "slow"]
        ends = next((fault for fault in hits if fault.kind in KINDS and fault.kind != "slow"), None)
        kinds = dict.fromkeys(fault.kind for fault in hits if fault.kind in ("slow", *own) or fault is ends)
        factor = math.prod(fault.factor for fault in slow)
        return Fate(tuple(kinds), ends, factor, sum(fault.add_s for fault in slow), own)

    def count(self, kinds: Collection[str], *, probe: bool = False) -> None:
        """Note that these have hit a call: once, when they have."""
        (self.probes if probe else self.touched).update(kinds)


def _hit(fault: Fault, n: int, called: Called, probe: bool) -> bool:
    wanted = (fault.port, fault.model, fault.endpoint, fault.tenant)
    if not all(one in ("", other) for one, other in zip(wanted, called, strict=False)):
        return False
    if probe or fault.share >= 1:
        return True
    attempt = called.attempt if fault.per == "attempt" else 0
    return draw(fault.seed, n, fault.kind, called.id, attempt) < fault.share


def draw(*words: object) -> float:
    """A number in [0, 1) that depends on the words only: the same in every process."""
    digest = hashlib.blake2b(repr(words).encode("utf-8", "backslashreplace"), digest_size=7).digest()
    return int.from_bytes(digest, "big") / (1 << 56)
