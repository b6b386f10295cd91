"""The log: which rows a month has, who caused them, and whether somebody was hurt.

A row type is a line of the log as it comes again and again; a month has some two hundred of them, with names,
versions and latencies of its own. Each belongs to a kind of traffic.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from casebook.plan import Case

COLUMNS = ("route", "account", "agent", "synthetic", "status", "latency_ms", "items", "fallback", "app")
BLINK_MS = 300
NEARLY_LATE, JUST_LATE = (270, 290), (311, 321)
PEOPLE = ("listener", "guest")
TAPPED_ON, LOG_IN_AGAIN = 499, 401

HARMS = ("failed", "refused", "slow", "empty", "gave-up")
BASE = {
    "served": 0.9294,
    "unchanged": 0.06,
    "fallback": 0.01,
    **dict.fromkeys(HARMS, 0.00012),
    "tapped-on": 0.008,
    "log-in": 0.004,
    "elsewhere": 0.5,
    "crawlers": 0.1,
    "probes": 0.95,
    "drained": 0.001,
    "partners": 0.15,
    "flood": 0.002,
    "load-test": 0.01,
}
"""Rows of each kind for one opening, on a usual day. The first eight kinds are the openings."""

SERVED = "served"
INSTEAD = frozenset(HARMS) | {"unchanged", "fallback"}
"""More of these is less of what is served as usual: they are openings too."""

GUESTS = 0.25
FINE, HURT, NOBODY = "fine", "hurt", "nobody"


Range = tuple[int, int]
"""From, and to before."""


class Planned(Case):
    """A case: of what kind its month is."""

    kind: str


@dataclass(frozen=True)
class Row:
    """A row type: its kind of traffic, its share of that kind, and its columns."""

    kind: str
    share: float
    columns: tuple[Any, ...]

    def __getitem__(self, name: str) -> Any:
        return self.columns[COLUMNS.index(name)]


def felt(row: Row) -> str:
    """What the person behind a row felt, as testers say it; `nobody` if none was waiting for it."""
    status, latency = row["status"], row["latency_ms"]
    if row["route"] != "home" or row["account"] not in PEOPLE or row["synthetic"]:
        return NOBODY
    if status == LOG_IN_AGAIN or (status == TAPPED_ON and latency < BLINK_MS):
        return NOBODY
    empty = status == 200 and row["items"] == 0
    return HURT if status >= 500 or status == 400 or latency > BLINK_MS or empty else FINE


def generator(*of: object) -> np.random.Generator:
    """A generator of random numbers of its own, which tells nothing of any other."""
    return np.random.default_rng(int.from_bytes(hashlib.blake2b(repr(of).encode(), digest_size=16).digest()))


class Month:
    """The row types of one month, drawn: `rows`."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self.rows = list[Row]()
        major = int(rng.integers(4, 19))
        apps = [f"{major}.{minor}" for minor in sorted(rng.choice(12, 3, replace=False).tolist())]
        systems = rng.permutation(["iOS", "Android", "Android TV", "CarPlay"])
        self._clients = [(f"Earshot/{app} ({system})", app) for app, system in zip(apps, systems, strict=False)]
        self._clients.append((f"Mozilla/5.0 (rv:{int(rng.integers(90, 160))}.0)", "web"))
        self._openings()
        self._harm()
        self._nobody()
        self._machines()
        whole: dict[str, float] = defaultdict(float)
        for row in self.rows:
            whole[row.kind] += row.share
        self.rows = [replace(row, share=row.share / whole[row.kind]) for row in self.rows]

    def _openings(self) -> None:
        for band in ((40, 120), (120, 270)):
            self._people(SERVED, 200, band, items=(8, 40))
        self._people(SERVED, 200, NEARLY_LATE, items=(8, 40), weight=0.2)
        self._people(SERVED, 200, (40, 270), items=(1, 4), few=2, weight=0.2)
        self._people("unchanged", 304, (15, 90), few=2)
        self._people("unchanged", 304, NEARLY_LATE, few=2, weight=0.2)
        self._people("fallback", 200, (30, 290), items=(10, 20), fallback=True, few=2)

    def _harm(self) -> None:
        failed, slow, gave_up = self._some(), self._some(), self._some()
        for status in (500, 502, 503, 504):
            self._people("failed", status, (20, 280), few=2, guests=failed)
        refused, empty = self._some(), self._some()
        for band in ((10, 150), (150, 290)):
            self._people("refused", 400, band, guests=refused)
            self._people("empty", 200, band, guests=empty)
            self._people("empty", 200, band, fallback=True, few=2, guests=empty)
        for late in (JUST_LATE, (450, 4000)):
            self._people("failed", 504, late, few=1, guests=failed)
            self._people("slow", 200, late, items=(8, 40), guests=slow)
            self._people("slow", 200, late, items=(10, 20), fallback=True, few=2, guests=slow)
            self._people("slow", 304, late, few=2, guests=slow)
            self._people("gave-up", TAPPED_ON, late, guests=gave_up)

    def _nobody(self) -> None:
        for band in ((20, 270), NEARLY_LATE):
            self._people("tapped-on", TAPPED_ON, band, few=2)
        self._people("log-in", LOG_IN_AGAIN, (10, 60), few=3)
        for route, status in itertools.product(("similar", "search"), (200, 200, 500)):
            share = 0.02 if status == 500 else 1
            self._people("elsewhere", status, (80, 1200), items=(0, 30), few=2, route=route, weight=share)

    def _machines(self) -> None:
        rng = self._rng
        ends = rng.choice(["bot/2.1", "-reader/1", " Feed", "/0.9 (+http)"], 2)
        crawlers = [(f"{self._word()}{end}", "") for end in ends]
        crawlers.append(self._clients[-1])
        for (agent, app), route, status in itertools.product(crawlers, ("home", "similar"), (404, 404, 403, 200)):
            if rng.random() < 0.6 or status == 404:
                items = (0, 20) if status == 200 else (0, 1)
                self._row("crawlers", route, "none", agent, status, (10, 900), items, app=app)
        watch = [f"{self._word()}-probe/{int(rng.integers(1, 5))}" for _ in range(2)]
        for agent, (route, share) in itertools.product(watch, (("health", 40), ("home", 6))):
            self._row("probes", route, "none", agent, 200, (1, 40), (0, 1), weight=share)
            self._row("drained", route, "none", agent, 503, (1, 2000), (0, 1), weight=share)
        partners = [(f"{self._word()}-car/{int(rng.integers(1, 9))}", "") for _ in range(2)]
        for agent, app in [*partners, self._clients[0]]:
            self._row("partners", "home", "service", agent, 200, (100, 900), (5, 40), app=app)
            self._row("flood", "home", "service", agent, 429, (2, 20), (0, 1), app=app)
        for status, band in ((200, (60, 250)), (200, (400, 5000)), (503, (5, 3000)), (499, (500, 5000))):
            self._people("load-test", status, band, items=(5, 40), few=1, synthetic=True)

    def _people(
        self,
        kind: str,
        status: int,
        band: Range,
        items: Range = (0, 1),
        fallback: bool = False,
        synthetic: bool = False,
        few: int = 4,
        guests: float = GUESTS,
        **more: Any,
    ) -> None:
        route, weight = more.get("route", "home"), more.get("weight", 1)
        items = items if status == 200 else (0, 1)
        for at in self._rng.choice(len(self._clients), few, replace=False):
            agent, app = self._clients[at]
            for account, share in zip(PEOPLE, (1 - guests, guests), strict=True):
                if share:
                    flags = {"synthetic": synthetic, "fallback": fallback, "app": app}
                    self._row(kind, route, account, agent, status, band, items, weight=share * weight, **flags)

    def _row(
        self, kind: str, route: str, account: str, agent: str, status: int, band: Range, items: Range, **more: Any
    ) -> None:
        share = more.get("weight", 1) * self._rng.uniform(0.5, 1.5)
        latency, count = int(self._rng.integers(*band)), int(self._rng.integers(*items))
        latency += 25 if abs(latency - BLINK_MS) <= 10 else 0
        synthetic, fallback, app = more.get("synthetic", False), more.get("fallback", False), more.get("app", "")
        self.rows.append(Row(kind, share, (route, account, agent, synthetic, status, latency, count, fallback, app)))

    def _some(self) -> float:
        """How many of those who are hurt are guests: few, half, or most."""
        return float(self._rng.choice([0.15, 0.5, 0.9]))

    def _word(self) -> str:
        letters = self._rng.choice(list("bdfgklmnprstvz"), 3), self._rng.choice(list("aeiou"), 3)
        return "".join(a + b for a, b in zip(*letters, strict=True)).capitalize()
