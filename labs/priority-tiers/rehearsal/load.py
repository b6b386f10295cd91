"""Pictures of publishers and blogs, and looks at the scheduler's counters. Each phase mixes tenants in its own way."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from call_receipts import checked
from common.names import generator, named

from grader.labkit import Request, world

with world(__file__):
    from pictures import text_of
    from tenants import TIERS, tenants

GIVEN_UP_S = 1.2
EACH, AT = 26, 13  # of so many arrivals in a row the one with this number is a look at the counters
SOONEST_S, LATEST_S = 0.05, 5.0
AHEAD = 8  # arrivals that may have been sent before the answer of an earlier one came
OFF = 2  # pictures that a counter may be off
MORE = 0.5  # of its burst, that a tenant may have beyond its quota
SAMPLE = re.compile(r"captions_total\{(?P<labels>[^}]*)\}\s+(?P<value>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)")
LABEL = re.compile(r'(\w+)="([^"]*)"')
NORMAL = {"premium": range(9), "free": range(8)}
CROWD, CRUSHED = range(8, 32), {"premium": range(11), "free": range(5)}
CLAIM = ((range(8), 0.5), (CROWD, 0.9))  # blogs, and how many of them say that they are premium
MANY = {"premium": 11, "free": 32}  # the one after these is who bursts


class Group(NamedTuple):
    """Some tenants of a tier, who take turns; `share` of a phase's pictures are theirs."""

    share: int
    name: str
    tier: str
    who: range


@dataclass(frozen=True)
class Picture(Request):
    """A picture, and the number of its arrival; `most` is how many texts its tenant may have had by then."""

    picture: str = ""
    n: int = 0
    most: float = math.inf


def groups(phase: str, burster: str) -> tuple[Group, ...]:
    """Who sends in a phase; `burster` is the tier of the tenant that bursts."""
    kind = phase.partition("-")[0]
    many = {"premium": 20, "free": 12}
    who: Mapping[str, range] = NORMAL
    if kind == "crowd":
        many, who = {"premium": 20, "free": 60}, {**NORMAL, "free": CROWD}
    if kind == "crush":
        many, who = {"premium": 80, "free": 8}, CRUSHED
    if kind == "return":
        many = {"premium": 200, "free": 120}
    made = tuple(Group(many[tier], "picture", tier, who[tier]) for tier in TIERS)
    if kind == "burst":
        made = tuple(each._replace(name="neighbour") if each.tier == burster else each for each in made)
    if kind in ("burst", "return"):
        more = 60 if kind == "burst" else {"free": 30, "premium": 60}[burster]
        made += (Group(more, "burster", burster, range(MANY[burster], MANY[burster] + 1)),)
    return made


def spread(shares: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """A pattern in which each group has its share, as evenly as can be: (group, how many of it came before)."""
    total, owed, came, pattern = sum(shares), [0] * len(shares), [0] * len(shares), []
    for _ in range(total):
        owed = [have + share for have, share in zip(owed, shares, strict=True)]
        turn = max(range(len(shares)), key=lambda group: owed[group])
        owed[turn] -= total
        pattern.append((turn, came[turn]))
        came[turn] += 1
    return tuple(pattern)


def looks(n: int) -> int:
    """How many of the arrivals before the n-th are looks at the counters."""
    return (n + EACH - 1 - AT) // EACH


class Traffic:
    """Parameters: `tenants` is what keys, names and quotas are drawn from, `seal` what receipts are signed with,
    `burster` the tier of the tenant that bursts, `claim` what it says of itself in `x-tier`."""

    target = "http://front:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self._seed, self._phases = seed, parameters["timeline"]
        self._burster = str(parameters.get("burster", "free"))
        self._claim = str(parameters.get("claim", "premium"))
        self._key = key_of(parameters["seal"]) if "seal" in parameters else ""
        self._tenants = tenants(int(parameters.get("tenants", 0)))
        self._bursts = next((each["start"] for each in self._phases if each["phase"].startswith("burst")), 0.0)
        claims = generator(seed, "claims")
        self._claims = {n for who, share in CLAIM for n in claims.sample(who, int(len(who) * share))}
        self._groups = {phase["phase"]: groups(phase["phase"], self._burster) for phase in self._phases}
        self._patterns = {name: spread(tuple(each.share for each in found)) for name, found in self._groups.items()}
        self._seen: Counter[tuple[str, str]] = Counter()
        self._before: dict[int, Counter[tuple[str, str]]] = {}
        self._sent: Counter[str] = Counter()
        self._texts = 0  # of the tenant that bursts
        self._counted = 0
        self._first: dict[tuple[str, str], float] | None = None

    def request(self, n: int) -> Picture:
        """The n-th arrival: a picture, or a look at the counters."""
        if n % EACH == AT:
            self._before[n] = Counter(self._seen)  # what any answer to this must have counted
            return Picture("GET", "/metrics", "count", timeout_s=GIVEN_UP_S, n=n)
        phase, group, turn = self._drawn(n)
        number = group.who[turn % len(group.who)]
        tenant, picture = self._tenants[group.tier][number], f"{named(self._seed, 'picture', n, size=8)}.jpg"
        headers, most = {"x-api-key": tenant.key}, math.inf
        if group.name == "burster":
            headers["x-tier"] = self._claim
            if phase["phase"].startswith("burst"):
                since = phase["start"] - self._bursts + (n - phase["first"]) / phase["rate"]
                most = tenant.burst * (1 + MORE) + tenant.per_second * since + 1
        elif group.tier == "free" and number in self._claims:
            headers["x-tier"] = "premium"  # a plug-in of blogs, from its 2.1 on
        return Picture(
            "POST", "/v1/captions", group.name, json={"picture": picture}, headers=headers, segment=group.tier,
            timeout_s=GIVEN_UP_S, picture=picture, n=n, most=most,
        )  # fmt: skip

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """Of a picture `right`, `wrong` (not the model's text of it), `told` (429 with a time to come again), `untold`
        (429 without one, or one far off), `over` (whatever it got, its tenant has had far more texts than its quota) or
        `none`. Of a look at the counters `true` or `false`."""
        assert isinstance(request, Picture)
        if request.name == "count":
            page = body.decode() if status == 200 else ""
            return "true" if "captions_total" in page and self._true(request.n, page) else "false"
        self._seen[request.segment, f"{status // 100}xx"] += 1
        self._texts += request.name == "burster" and status == 200
        if self._texts > request.most:
            return "over"
        if status == 429:
            return "told" if told(headers) else "untold"
        if status != 200:
            return "none"
        found = json.loads(body)
        if found["text"] != text_of(request.picture):
            return "wrong"
        if not self._key:
            return "right"
        said = checked(self._key, found["receipt"], {"picture": request.picture}, {"text": found["text"]})
        return "right" if said else "wrong"

    def _drawn(self, n: int) -> tuple[Mapping[str, Any], Group, int]:
        """Phase of the n-th arrival, whose it is, and how many of theirs came before in this phase."""
        phase = next((each for each in reversed(self._phases) if each["first"] <= n), self._phases[0])
        pattern, found = self._patterns[phase["phase"]], self._groups[phase["phase"]]
        number = n - looks(n) - (phase["first"] - looks(phase["first"]))
        group, before = pattern[number % len(pattern)]
        return phase, found[group], number // len(pattern) * found[group].share + before

    def _true(self, n: int, page: str) -> bool:
        """Whether each tier's counters lie between the answers that were seen and those with what is open."""
        counted = counts(page)
        if self._first is None:  # in a rehearsal they may have counted before
            self._first = {cell: counted[cell] - self._before[n][cell] for cell in counted}
        while self._counted <= n + AHEAD:
            if self._counted % EACH != AT:
                self._sent[self._drawn(self._counted)[1].tier] += 1
            self._counted += 1
        good = True
        for tier in TIERS:
            still = self._sent[tier] - sum(many for (of, _), many in self._seen.items() if of == tier)
            for kind in ("2xx", "4xx", "5xx"):
                cell = tier, kind
                value = counted[cell] - self._first.get(cell, 0.0)
                good &= self._before[n][cell] - OFF <= value <= self._seen[cell] + max(0, still) + OFF
        return good


def counts(page: str) -> Counter[tuple[str, str]]:
    """`captions_total` of Prometheus' text, by tier and class of code."""
    found: Counter[tuple[str, str]] = Counter()
    for sample in SAMPLE.finditer(page):
        labels = dict(LABEL.findall(sample["labels"]))
        found[labels.get("tier", ""), f"{labels.get('code', '')[:1]}xx"] += int(float(sample["value"]))
    return found


def told(headers: Mapping[str, str]) -> bool:
    """Whether a refusal says when to come again, in 0.05 to 5 s."""
    if "retry-after-ms" in headers:
        return SOONEST_S <= float(headers["retry-after-ms"]) / 1000 <= LATEST_S
    return SOONEST_S <= float(headers.get("retry-after", "nan")) <= LATEST_S


def key_of(seal: object) -> str:
    """What receipts are signed with."""
    return named(str(seal), "receipts", size=16)
