"""What the exam makes go wrong: a list of faults, each for a share of the calls, and what it means for one call."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from catalog import MODELS
from draws import draw
from fields import BadControl, Field, check, number, one_of, whole

ENDPOINTS = ("chat", "embeddings", "models")
COMMON = {
    "kind": Field("a kind", lambda value: isinstance(value, str)),
    "share": number(0, 1),
    "seed": whole(0, 2**63),
    "model": one_of(MODELS),
    "endpoint": one_of(ENDPOINTS),
}
KINDS: dict[str, dict[str, Field]] = {
    "slow": {"factor": number(1, 1000), "add_s": number(0, 600)},
    "ungrounded": {},
    "rate_limit": {"retry_after_s": number(0.001, 3600)},
    "error": {"status": one_of((500, 502, 503))},
    "timeout": {"hold_s": number(0.1, 600)},
    "drop": {"at": one_of(("start", "body"))},
    "malformed": {},
    "truncated": {"how": one_of(("length", "cut"))},
    "outage": {"look": one_of(("reset", "503"))},
}
ADDING = ("slow", "ungrounded")
MOST_FAULTS = 20


@dataclass(frozen=True)
class Fault:
    """One fault. Keys of other kinds keep their defaults and mean nothing.

    Attributes:
        kind: a key of `KINDS`.
        share: ratio of the matching calls that it hits, 0 to 1.
        seed: of the draw that picks them.
        model, endpoint: only these calls match; all, when empty.
        factor, add_s: (slow) the latency is multiplied, then seconds are added.
        retry_after_s: (rate_limit) seconds that the answer tells to wait.
        status: (error) of HTTP.
        hold_s: (timeout) seconds after which the connection is closed if the client has not left.
        at: (drop) the connection ends before the first byte, or half way through the body.
        how: (truncated) a whole answer that ends early, or a body or stream that is cut off.
        look: (outage) the connection is reset, or 503 at once.
    """

    kind: str
    share: float = 1.0
    seed: int = 0
    model: str = ""
    endpoint: str = ""
    factor: float = 1.0
    add_s: float = 0.0
    retry_after_s: float = 1.0
    status: int = 503
    hold_s: float = 120.0
    at: str = "start"
    how: str = "length"
    look: str = "reset"

    def matches(self, endpoint: str, model: str) -> bool:
        """Whether a call to this endpoint and model can be hit."""
        return self.endpoint in ("", endpoint) and self.model in ("", model)

    def shown(self) -> dict[str, Any]:
        """As the control API takes it: the common keys and those of its kind."""
        keys = {**COMMON, **KINDS[self.kind]}
        return {key: value for key, value in asdict(self).items() if key in keys and value != ""}


def parse(raw: Any) -> tuple[Fault, ...]:
    """The faults in a body `{"faults": [{"kind": ...}, ...]}`.

    Raises:
        BadControl: says in one sentence which fault and key, and what it takes.
    """
    faults = check(raw, {"faults": Field("a list", lambda value: isinstance(value, list))}, "the body").get("faults")
    if faults is None:
        raise BadControl("the body needs the key faults, a list; an empty one lifts all faults")
    if len(faults) > MOST_FAULTS:
        raise BadControl(f"faults has {len(faults)} entries; {MOST_FAULTS} are the most")
    return tuple(_parse_one(each, f"faults[{n}]") for n, each in enumerate(faults))


def _parse_one(raw: Any, where: str) -> Fault:
    kind = raw.get("kind") if isinstance(raw, dict) else None
    if not isinstance(raw, dict):
        raise BadControl(f"{where} must be an object")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadControl(f"{where}: kind must be one of {', '.join(KINDS)}, and is {str(kind)[:40]}")
    fault = Fault(**check(raw, {**COMMON, **KINDS[kind]}, f"{where} ({kind})"))
    _refuse_idle(fault, f"{where} ({kind})")
    return fault


def _refuse_idle(fault: Fault, where: str) -> None:
    """Refuse a fault that could never be seen: it would pass for one that acts."""
    task = MODELS[fault.model].task if fault.model else ""
    if fault.kind == "slow" and fault.factor == 1 and fault.add_s == 0:
        raise BadControl(f"{where} needs a factor above 1 or add_s above 0")
    if task and fault.endpoint and task != fault.endpoint:
        raise BadControl(
            f"{where}: {fault.model} is no model of the endpoint {fault.endpoint}, so it would hit nothing"
        )
    if fault.kind == "ungrounded" and (fault.endpoint or task or "chat") != "chat":
        raise BadControl(f"{where} can only hit the endpoint chat, and is set for {fault.endpoint or fault.model}")


@dataclass(frozen=True)
class Fate:
    """What the faults do to one call.

    Attributes:
        acting: kinds that hit it.
        ends: the fault that decides the answer, or None.
        factor, add_s: of the latency.
        ungrounded: whether the answer ignores the passages.
    """

    acting: tuple[str, ...] = ()
    ends: Fault | None = None
    factor: float = 1.0
    add_s: float = 0.0
    ungrounded: bool = False

    def ends_by(self, kind: str) -> Fault | None:
        """The deciding fault, if it is of this kind."""
        return self.ends if self.ends is not None and self.ends.kind == kind else None


class Faults:
    """The faults that act now, and how many calls and probes each kind has hit."""

    def __init__(self) -> None:
        self.active: tuple[Fault, ...] = ()
        self.touched: Counter[str] = Counter()
        self.probes: Counter[str] = Counter()

    def set(self, faults: tuple[Fault, ...]) -> None:
        """Let these act from the next call on, instead of those before."""
        self.active = faults

    def forget(self) -> None:
        """Count from zero again; the faults go on."""
        self.touched.clear()
        self.probes.clear()

    def fate(self, endpoint: str, model: str, request_id: str, attempt: int, *, probe: bool = False) -> Fate:
        """What becomes of one call. `slow` and `ungrounded` add up; of the others the first that hits decides."""
        hits = [
            fault
            for n, fault in enumerate(self.active)
            if self._hit(fault, n, endpoint, model, request_id, attempt, probe)
        ]
        if not hits:
            return Fate()
        slow = [fault for fault in hits if fault.kind == "slow"]
        ends = next((fault for fault in hits if fault.kind not in ADDING), None)
        factor = 1.0
        for fault in slow:
            factor *= fault.factor
        acting = tuple(dict.fromkeys(fault.kind for fault in hits if fault.kind in ADDING or fault is ends))
        (self.probes if probe else self.touched).update(acting)
        return Fate(
            acting=acting,
            ends=ends,
            factor=factor,
            add_s=sum(fault.add_s for fault in slow),
            ungrounded=any(fault.kind == "ungrounded" for fault in hits),
        )

    @staticmethod
    def _hit(fault: Fault, n: int, endpoint: str, model: str, request_id: str, attempt: int, probe: bool) -> bool:
        if not fault.matches(endpoint, model) or (fault.kind == "ungrounded" and endpoint != "chat"):
            return False
        return probe or draw(fault.seed, n, fault.kind, request_id, attempt) < fault.share
