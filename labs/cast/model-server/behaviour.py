"""What a model server does to a request besides answering it: mild noise, and at most one fault, set by the exam.

Every draw is a hash of seed, request id and purpose, so the same request meets the same fate in every run.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal, get_args

FaultName = Literal["none", "tail", "tenant", "errors", "wrong", "noisy-start", "overload"]
SMALLEST_S, SPREAD_S = 0.002, 0.010
NOISE_ERRORS, NOISE_SLOW, NOISE_SLOW_S = 0.002, 0.004, 0.12
NOISY_UP_TO_S = 0.4


class BadFault(ValueError):
    """A fault description that is not understood; the message names the key."""


@dataclass(frozen=True)
class Fault:
    """One fault and its strength.

    Attributes:
        seed: of all draws.
        share: ratio of requests delayed (tail), of the tenant's failed (tenant), of all failed (errors; noisy-start: at
            first).
        misread: ratio of requests that the wrong model answers (wrong).
        tenant: who is hit by `tenant`.
        code: HTTP status of what fails (tenant, errors).
        delay_s: what a touched request waits more (tail).
        window_s: how long a noisy start lasts after the first request.
        noise: ratio of requests failed at first, whatever the fault is; others are slower then.
        service_s: what one request costs behind its answer (overload).
        queue: for how many that may be due at once; more get 503.
    """

    fault: FaultName = "none"
    seed: int = 0
    share: float = 0.2
    tenant: str = ""
    code: int = 500
    misread: float = 1.0
    delay_s: float = 0.6
    window_s: float = 0.8
    noise: float = 0.0
    service_s: float = 0.042
    queue: int = 24

    @classmethod
    def parse(cls, raw: Any) -> Fault:
        """From the JSON of the control API.

        Raises:
            BadFault: not an object, an unknown key, or a value of the wrong type.
        """
        if not isinstance(raw, dict):
            raise BadFault("must be an object")
        for key, value in raw.items():
            wanted = type(getattr(cls, key, None))
            if key not in cls.__dataclass_fields__:
                raise BadFault(f"{key}: unknown")
            if not isinstance(value, (int, float) if wanted is float else wanted) or isinstance(value, bool):
                raise BadFault(f"{key}: must be {wanted.__name__}")
        if raw.get("fault", "none") not in get_args(FaultName):
            raise BadFault(f"fault: one of {', '.join(get_args(FaultName))}")
        return cls(**raw)


@dataclass(frozen=True)
class Fate:
    """What becomes of one request: an HTTP status, and whether the wrong model answers."""

    status: int = 200
    wrong_model: bool = False


class Behaviour:
    """The fault that acts now, and the ledger of what it has touched."""

    def __init__(self) -> None:
        self.fault = Fault()
        self.touched: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.probes: Counter[str] = Counter()
        self._first: float | None = None
        self._due, self._counted = 0.0, 0.0

    def set(self, fault: Fault) -> None:
        """Let `fault` act from now on; a noisy start waits for the next request."""
        self.fault = fault
        self._first = None

    def ledger(self) -> dict[str, Any]:
        """Requests touched by fault, answered by status, and the same for probes."""
        return {
            "fault": self.fault.fault,
            "touched": dict(self.touched),
            "outcomes": dict(self.outcomes),
            "probes": dict(self.probes),
        }

    def draw(self, request_id: str, purpose: str) -> float:
        """A number in [0, 1) that depends on request and purpose only, and on the seed where it is the fault's: that a
        fault was set does not show in the luck that is always there."""
        seed = self.fault.seed if purpose in (self.fault.fault, "noise-first", "start") else 0
        digest = hashlib.blake2b(f"{seed}:{purpose}:{request_id}".encode(), digest_size=7).digest()
        return int.from_bytes(digest, "big") / (1 << 56)

    async def meet(self, request_id: str, tenant: str, *, probe: bool) -> Fate:
        """Wait as the request has to, and say what becomes of it. A probe always meets the fault, never noise."""
        fault, name = self.fault, self.fault.fault
        if not probe and self._first is None:
            self._first = time.monotonic()
        drawn = 0.0 if probe else self.draw(request_id, name)
        if name == "overload" and not self._bears(fault, probe):
            return Fate(503)
        wait, fate, touched = self._noise(request_id, probe)
        if name == "tail" and drawn < fault.share:
            wait, touched = wait + fault.delay_s, True
        elif (name == "errors" or (name == "tenant" and tenant == fault.tenant)) and drawn < fault.share:
            fate, touched = Fate(fault.code), True
        elif name == "wrong" and drawn < fault.misread:
            fate, touched = Fate(fate.status, wrong_model=True), True
        elif name == "noisy-start" and (probe or time.monotonic() - (self._first or 0.0) < fault.window_s):
            touched = True
            if drawn < fault.share:
                fate = Fate(500)  # at once: what comes to grief in the window is also seen in it
            else:
                wait += NOISY_UP_TO_S * self.draw(request_id, "start")
        if touched:
            self._count(name, probe)
        if not probe:
            wait, fate = self._starting(request_id, wait, fate)
        await asyncio.sleep(wait)
        return fate

    def _starting(self, request_id: str, wait: float, fate: Fate) -> tuple[float, Fate]:
        """Wait and fate with what a noisy start adds to them."""
        fault = self.fault
        if not fault.noise or time.monotonic() - (self._first or 0.0) >= fault.window_s:
            return wait, fate
        if self.draw(request_id, "noise-first") < fault.noise:
            return SMALLEST_S, Fate(500)
        return wait + NOISY_UP_TO_S * self.draw(request_id, "start"), fate

    def _noise(self, request_id: str, probe: bool) -> tuple[float, Fate, bool]:
        luck = 1.0 if probe else self.draw(request_id, "noise")
        wait = SMALLEST_S + SPREAD_S * self.draw(request_id, "spread")
        if luck < NOISE_ERRORS:
            return wait, Fate(500), False
        if luck < NOISE_ERRORS + NOISE_SLOW:
            wait += NOISE_SLOW_S
        return wait, Fate(), False

    def _bears(self, fault: Fault, probe: bool) -> bool:
        """Whether there is room for one more. Until there is none, answers are as fast as of any release."""
        now = time.monotonic()
        self._due = max(0.0, self._due - (now - self._counted) / fault.service_s)
        self._counted = now
        room = self._due <= fault.queue - 1
        if self._due or probe:
            self._count("overload", probe)
        self._due += room
        return room

    def _count(self, name: str, probe: bool) -> None:
        (self.probes if probe else self.touched)[name] += 1
