"""Experiments, and whether their arms are what they should be. Those of a population ask about the same users."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from string import ascii_letters
from typing import Any

import numpy as np
from casebook.plan import Case
from columns import Array

USERS, OTHERS, ASKED_AGAIN = 1500, 1500, 1200
LEAST_P, MOST_PHI = 1e-3, 0.13
CONTROL = "control"
TREATED, RAISED = (10, 21), 0.5
"""A treatment's share at first, in per cent; and that of all, raised."""
AS_THEY_COME = 0.5
"""The share of experiments that are asked about users in the order in which they come to the site, each the same one:
an arm that follows from a place in the list is that of another experiment, too."""
AREAS = ("ranker", "photos", "map", "calendar", "fees", "search", "reviews", "checkout", "mail", "badge", "filters")
NAMES = ("Zoë-", "Łucja ", "søren.", "Яна_", "ελένη")
BEFORE = "eu-west/guests/", "hearthside.account.", "booking_customer_id=", "urn:home:person:"
"""With what long ids begin, all those of a population alike."""
ARMS = "arm", "group", "variant", "trial", "new", "rank"


Arms = dict[str, str]
"""Of each user the arm that was answered."""


class ExperimentCase(Case):
    """An experiment of a population, what its ids look like, and how many arms it has."""

    kind: str
    population: str
    ids: str
    arms: int


def users(rng: np.random.Generator, kind: str) -> list[str]:
    """The users of a population, in any order; what their ids look like is `kind`. Those after the first USERS come
    later: what is promised to the first is promised to them, too."""
    return _mixed(rng, _ids(rng, kind, USERS + OTHERS))


def _ids(rng: np.random.Generator, kind: str, count: int) -> list[str]:
    start = int(rng.integers(10_000, 9_000_000))
    if kind == "uuid":
        return [str(uuid.UUID(bytes=rng.bytes(16), version=4)) for _ in range(count)]
    if kind == "check digit":
        return [f"{number}{97 - number % 97:02d}" for number in range(start, start + count)]
    if kind in ("prefix", "mail", "name"):
        before = BEFORE[rng.integers(len(BEFORE))] + "".join(rng.choice(list("ghjkmnpqrstuv"), 3))
        before += NAMES[rng.integers(len(NAMES))] if kind == "name" else ""
        after = "@mail.example" if kind == "mail" else ""
        return [f"{before}{number}{after}" for number in range(start, start + count)]
    if kind == "token":
        return ["".join(each) for each in rng.choice(list(ascii_letters), (count, 11))]
    return [str(number) for number in range(start * 2, start * 2 + 2 * count)][:: 2 if kind == "even" else 1][:count]


class Experiment:
    """One experiment: what is asked about it, and the arms that were answered, None where there was no answer."""

    def __init__(self, rng: np.random.Generator, case: ExperimentCase, people: list[str]) -> None:
        names = treatments(rng, case["arms"] - 1)
        self.id = case["id"]
        self.population = case["population"]
        self.name = f"{AREAS[rng.integers(len(AREAS))]}-{rng.integers(16**6):06x}"
        self.arms = [CONTROL, *names] if rng.random() < 0.5 else [*names, CONTROL]
        order = np.random.default_rng(list(people[0].encode())) if rng.random() < AS_THEY_COME else rng
        self.users, self.again, self.more, self.last = _lists(order, people)
        parts = {name: int(rng.integers(*TREATED)) / 100 for name in names}
        self.now = self._shares(parts)
        self.raised = self._shares({name: part * RAISED / sum(parts.values()) for name, part in parts.items()})
        self.first: Arms | None = None
        self.second: Arms | None = None
        self.third: Arms | None = None
        self.fourth: Arms | None = None

    def _shares(self, parts: Mapping[str, float]) -> dict[str, float]:
        return {arm: parts.get(arm, round(1 - sum(parts.values()), 6)) for arm in self.arms}

    def asked(self, people: Sequence[str], shares: Mapping[str, float]) -> dict[str, Any]:
        """The body of a call."""
        return {"experiment": self.name, "shares": shares, "users": people}

    @property
    def answers(self) -> tuple[Arms, Arms, Arms, Arms] | None:
        """Of all four times; None if one is not there."""
        if self.first is None or self.second is None or self.third is None or self.fourth is None:
            return None
        return self.first, self.second, self.third, self.fourth

    def verdict(self, others: Iterable[Experiment]) -> tuple[str, str]:
        """A word and why. Of the others those count whose answers are all there."""
        if self.answers is None:
            return "none", "not all of its answers came"
        first, second, third, fourth = self.answers
        later, last = ({user: arms[user] for user in arms.keys() - first} for arms in (second, fourth))
        looks = [("at first", first, self.now), ("when raised", third, self.raised)]
        looks += [("of users who came later", later, self.now), ("of such users, when raised", last, self.raised)]
        for when, arms, shares in looks:
            if (p := chance(list(arms.values()), shares)) < LEAST_P:
                return "wrong", f"shares {when}: {counted(arms.values())} for {shares}, p = {p:.1g}"
        if any(first.get(user, arm) != arm for user, arm in second.items()):
            return "wrong", "asked again, some users have another arm"
        if any(third.get(user, arm) != arm for user, arm in fourth.items()):
            return "wrong", "asked again once the treatment was raised, some users have another arm"
        before, after = first | second, third | fourth
        if any(before.get(user, arm) not in (CONTROL, arm) for user, arm in after.items()):
            return "wrong", "when the treatment was raised, some users left theirs"
        for other in others:
            if other is not self and other.answers is not None:
                also, _, raised, again = other.answers
                phi = max(follows(first, also), follows(after, raised | again))
                if phi >= MOST_PHI:
                    return "wrong", f"its arms follow those of {other.name}: phi {phi:.2f}"
        return "right", ""


def treatments(rng: np.random.Generator, count: int) -> list[str]:
    """Names of so many treatments, one of a kind, such as group-3f."""
    kind = ARMS[rng.integers(len(ARMS))]
    return [f"{kind}-{number:02x}" for number in rng.permutation(256)[:count].tolist()]


def chance(arms: list[str], shares: Mapping[str, float]) -> float:
    """How likely counts so far from the shares are: a chi-square test with one or two degrees of freedom."""
    total = sum((arms.count(arm) - share * len(arms)) ** 2 / (share * len(arms)) for arm, share in shares.items())
    return math.erfc(math.sqrt(total / 2)) if len(shares) == 2 else math.exp(-total / 2)


def follows(one: Mapping[str, str], other: Mapping[str, str]) -> float:
    """The largest correlation of an arm of the one with an arm of the other, of users of both; 0 where none
    varies."""
    names = sorted(one.keys() & other.keys())
    a, b = (_scaled([arms[name] for name in names]) for arms in (one, other))
    return float(np.abs(a @ b.T).max(initial=0.0)) / len(names)


def _scaled(arms: list[str]) -> Array:
    """A row for each arm, mean 0 and deviation 1."""
    inside = np.array([[arm == name for arm in arms] for name in sorted(set(arms))], float)
    spread = inside.std(1, keepdims=True)
    found: Array = (inside - inside.mean(1, keepdims=True)) / np.where(spread, spread, 1)
    return found


def counted(arms: Iterable[str]) -> dict[str, int]:
    """How often each was given."""
    all_ = list(arms)
    return {arm: all_.count(arm) for arm in sorted(set(all_))}


def _lists(rng: np.random.Generator, people: list[str]) -> list[list[str]]:
    """Whom an experiment is asked about: at first, again, once it was raised, and again then."""
    parts = (people[:USERS], USERS), (people, ASKED_AGAIN), (people, USERS), (people, ASKED_AGAIN)
    return [_mixed(rng, some)[:count] for some, count in parts]


def _mixed(rng: np.random.Generator, people: list[str]) -> list[str]:
    return [people[at] for at in rng.permutation(len(people))]
