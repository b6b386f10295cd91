"""What is sent to a tenant, call by call, and what is right: all of it follows from the plan."""

import random
from dataclasses import dataclass

import market
import pushes
import right

LAST_DAYS = ("01-31", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31")
YEARS = (2026, 2027, 2028, 2029)
TELLING = 25
"""So many baskets are tried for one whose page depends on what is asked about."""


@dataclass(frozen=True)
class Call:
    """One request to the recommender.

    Attributes:
        right: what is right: `parts` and `degraded`, `legacy_score`, `score`, or the `keys` that a refusal may name.
        tells: aspects that are told by it.
    """

    method: str
    path: str
    body: object
    right: dict
    tells: tuple = ()


class Tenant:
    """A tenant's steps, made one after the other."""

    def __init__(self, seed, name, lap=0):
        self.name = name if not lap else f"{name}.{lap}"
        self._seed = seed
        self._shop = right.Shop()
        self._market = market.Market(random.Random(f"{seed}:{name}"))

    def first(self):
        """The settings and the catalogue that it begins with."""
        rng = random.Random(f"{self._seed}:{self.name}:first")
        return [self._push(rng, close_of_month=False), self._feed(rng, market.PLAIN)]

    def step(self, case):
        """The calls of a case."""
        rng = random.Random(f"{self._seed}:{case['id']}")
        calls = {"push": self._pushed, "close": self._closed, "refuse": self._refused, "feed": self._fed}
        return calls[case["kind"]](rng, case)

    def _pushed(self, rng, case):
        yield self._push(rng)
        yield self._page(rng, "golden", "in-use")
        yield self._page(rng, "golden")
        yield self._page(rng, "golden")

    def _closed(self, rng, case):
        yield self._push(rng, close_of_month=True)
        yield self._page(rng, "in-use", last=True)
        yield self._page(rng, "golden")
        yield self._page(rng, "in-use", last=True)
        parts = self._shop.parts()
        part = rng.choice([id for id in sorted(parts) if right.loses(parts[id])] or sorted(parts))
        path = f"/internal/scores?tenant={self.name}&part={part}"
        yield Call("GET", path, None, {"score": self._shop.report(part)}, ("in-use",))

    def _refused(self, rng, case):
        document, named, beside = pushes.bad(rng, case["way"], self.name, case.get("flag", ""))
        yield Call("POST", "/config", document, {"keys": (named, beside)})
        yield self._page(rng, "refused")
        yield self._push(rng)  # it comes again, mended: what was taken by mistake spoils no other promise

    def _fed(self, rng, case):
        yield self._feed(rng, case["way"])
        for aspect, many in case["asked"].items():
            for _ in range(many):
                yield self._page(rng, aspect)

    def _push(self, rng, **also):
        config = pushes.good(rng, **also)
        self._shop.push(config)
        return Call("POST", "/config", {"tenant": self.name, "config": config}, {})

    def _feed(self, rng, way):
        self._market.pass_days(rng, way)
        rows = self._market.told(rng, way)
        self._shop.feed(rows, market.UNITS.get(way, ()))
        return Call("POST", "/catalogue", market.document(rng, self.name, rows, way), {})

    def _page(self, rng, *aspects, last=False):
        day = _day(rng, last=last or (not self._shop.settings["close_of_month"] and rng.random() < 0.2))
        known = self._shop.parts()
        for _ in range(TELLING):
            basket = rng.sample(sorted(known), rng.randint(1, 4))
            parts, old = self._shop.page(basket, day)
            if last:
                telling = parts != self._shop.page(basket, "2026-02-03")[0]
            else:
                telling = "in-use" not in aspects or any(right.loses(known[part]) for part in parts)
            if telling:
                break
        answer = {"parts": parts, "legacy_score": old, "degraded": sorted(self._shop.degraded)}
        return Call("POST", "/recommend", {"tenant": self.name, "basket": basket, "date": day}, answer, aspects)


def _day(rng, last):
    year = rng.choice(YEARS)
    if last:
        return f"{year}-{rng.choice((*LAST_DAYS, '02-29' if year == 2028 else '02-28'))}"
    return f"{year}-{rng.randint(1, 12):02d}-{rng.randint(1, 27):02d}"
