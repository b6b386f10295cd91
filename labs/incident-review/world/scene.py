"""An evening as it was: services and hosts, what was at fault and when, and all that was changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import numpy as np
from common.names import generator, named
from kinds import Incident

MINUTE = 60.0
HOSTS = 3
CALLERS = {"edge": "", "checkout": "edge", "seats": "checkout", "stock": "seats", "extra": "checkout",
           "pay": "checkout", "risk": "pay", "vault": "pay", "party": "pay"}  # fmt: skip
"""Who calls whom for a payment, in the order of the calls. A request to look around goes from edge to catalogue."""

MAY_FAIL = "checkout", "seats", "stock", "pay", "risk", "vault"
WORDS = (
    "amber", "anchor", "aspen", "basalt", "beacon", "birch", "cedar", "chalk", "cobalt", "copper", "coral", "delta",
    "ember", "fjord", "flint", "garnet", "ginger", "granite", "harbor", "hazel", "indigo", "ivory", "jasper", "juniper",
    "kelp", "lagoon", "larch", "linen", "magnet", "maple", "marble", "meadow", "nickel", "nutmeg", "oak", "onyx",
    "opal", "pepper", "pine", "quartz", "ridge", "saffron", "sage", "slate", "spruce", "thyme", "topaz", "umber",
    "velvet", "walnut", "willow", "zinc",
)  # fmt: skip
PARTIES = (
    "Alderbank", "Brixpay", "Cardona", "Dunmore", "Eastgate", "Fairpay", "Gildhall", "Hanse", "Isarbank", "Jurapay",
    "Kronor", "Lindpay", "Medici", "Norbank", "Ostpay", "Pacta", "Quayside", "Rialto", "Sundbank", "Tallypay",
)  # fmt: skip
OFFSETS = (-8, -7, -6, -5, -4, -3, 2, 3, 4, 5, 6, 7, 8, 9, 10)


@dataclass
class Change:
    """Times in seconds since the tables begin, UTC: begun, and in effect. `hosts`: numbers of those that it reached."""

    id: str
    begun: float
    effect: float
    office: int
    kind: str
    role: str
    version: str
    hosts: list[int]


@dataclass
class Scene:
    """`names`: by role, `party` apart: two of them, with their shares of payments. `hosts`: ids by role. `fault`: a
    role; `where`: numbers of its hosts, or of the party. `turns`: as the plan has them. `q`: share of those that met it
    which fails. Times in seconds since `start`: failures from `onset` to `effect`, but for `lull`; `length` of the
    tables. `blips`: a minute or so each, outside of it, in which more payments fail than usual."""

    kind: str
    turns: set[str]
    start: np.datetime64
    names: dict[str, str]
    parties: list[str]
    shares: list[float]
    hosts: dict[str, list[str]]
    base: dict[str, str]
    fault: str
    where: list[int]
    q: float
    onset: float
    page: float
    fix: float
    effect: float
    word: float
    offsets: list[int]
    offices: list[str]
    changes: list[Change] = field(default_factory=list)
    cause: str = ""
    lull: tuple[float, float] = (0.0, 0.0)
    blips: list[tuple[float, float]] = field(default_factory=list)

    def fails(self, seconds: float) -> bool:
        """Whether the fault shows at that time."""
        return self.onset <= seconds < self.effect and not self.lull[0] <= seconds < self.lull[1]

    @property
    def length(self) -> float:
        """Seconds of the tables."""
        return self.effect + 32 * MINUTE

    @property
    def path(self) -> list[str]:
        """Roles on a payment's way, in the order of calls."""
        return [role for role in CALLERS if role in self.names or role == "party"]

    @property
    def component(self) -> str:
        """The name of what failed first."""
        return self.parties[self.where[0]] if self.fault == "party" else self.names[self.fault]

    def above(self, role: str) -> list[str]:
        """Who called it, and who called that one, and so on."""
        caller = CALLERS[role]
        return [caller, *self.above(caller)] if caller else []

    def versions(self, role: str, seconds: np.ndarray, hosts: np.ndarray) -> np.ndarray:
        """The version that each host of a role had at a time."""
        found = np.full(len(seconds), self.base[role], dtype=object)
        for change in sorted(self.changes, key=lambda each: each.effect):
            if change.kind == "deploy" and change.role == role:
                found[(seconds >= change.effect) & np.isin(hosts, change.hosts)] = change.version
        return found

    def at(self, seconds: float) -> np.datetime64:
        """A moment in UTC."""
        return self.start + np.timedelta64(round(1000 * seconds), "ms")


def scene(seed: int | str, case: Incident, again: int) -> Scene:
    """An evening of a case; its changes stand in `changes.py`."""
    rng = generator(seed, case["id"], "scene", again)
    kind, factors, turns = case["kind"], {*case["factors"]}, {*case["turns"]}
    own = [role for role in (*CALLERS, "catalogue") if role != "party"]
    own = [role for role in own if role not in ("stock", "risk") or rng.random() < 0.5]
    names = dict(zip(own, rng.sample(WORDS, len(own)), strict=True))
    first = rng.uniform(0.42, 0.58)
    fault = "party" if kind == "outside" else rng.choice([role for role in MAY_FAIL if role in own])
    where, q = _where(rng, kind, "one" in turns)
    onset = rng.uniform(31.5, 41) * MINUTE
    page = onset + MINUTE * (rng.uniform(8, 12) if "late-page" in factors else rng.uniform(2.6, 3.6))
    fix = page + MINUTE * (rng.uniform(25, 33) if "slow-undo" in factors else rng.uniform(13, 16))
    last = min((fix - onset) / MINUTE - 1, 28)  # the first word comes before it is over
    word = onset + MINUTE * (rng.uniform(14, last) if "late-word" in factors else rng.uniform(3, 7))
    start = np.datetime64("2026-01-05T00:00:00.000") + np.timedelta64(
        86_400_000 * rng.randrange(300) + 60_000 * rng.randrange(16 * 60, 21 * 60), "ms"
    )
    made = Scene(
        kind, turns, start, names, rng.sample(PARTIES, 2), [first, 1 - first],
        {role: [f"h-{named(seed, case['id'], again, role, at, size=3)}" for at in range(HOSTS)] for role in own},
        {role: f"v-{named(seed, case['id'], again, role, 'base', size=3)}" for role in own},
        fault, where, q, onset, page, fix, fix + rng.uniform(22, 50), word,
        rng.sample(OFFSETS, 2), [f"office-{named(seed, case['id'], again, at, size=1)}" for at in (1, 2)],
    )  # fmt: skip
    if "lull" in turns:  # it seems to be over
        begun = rng.uniform(onset + 4.5 * MINUTE, made.effect - 8 * MINUTE)
        made.lull = begun, begun + rng.uniform(2.1, 3) * MINUTE
    alone = {"early": onset - rng.uniform(5, 25) * MINUTE, "late": made.effect + rng.uniform(3, 20) * MINUTE}
    for turn, begun in alone.items():
        if turn in turns:
            made.blips.append((begun, begun + rng.uniform(60, 75)))
    return made


def _where(rng: Random, kind: str, one: bool) -> tuple[list[int], float]:
    """Hosts at fault, or the party, and the share of what met them that fails."""
    if kind == "outside":
        return [rng.randrange(2)], rng.uniform(0.62, 0.95)
    many = 1 if kind == "host" or one else 2
    return rng.sample(range(HOSTS), many), rng.uniform(0.82, 0.99) if many == 1 else rng.uniform(0.6, 0.92)
