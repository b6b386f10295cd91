"""What is sent to a tenant, call by call, and what is right: all of it follows from the plan."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

import market
import pushes
import right
from right import Row, Settings

if TYPE_CHECKING:
    from world import Step

LONG, SHORT = ("01", "03", "05", "07", "08", "10", "12"), ("04", "06", "09", "11")
LEAP_YEARS = range(1972, 2100, 4)
"""Days are of any year of 1972 to 2099: a table of month ends is no calendar."""
USUAL, LAST, NEAR = "usual", "last", "near"
"""Days: any but the end of a month, the last of one, or one just before it."""
AGAIN, ALIKE, COMMON, ANY = "again", "alike", "common", "any"
BASKETS = {AGAIN: 0.25, ALIKE: 0.25, COMMON: 0.45, ANY: 0.05}
"""So often a page is asked for as the one before, of which somebody may have kept a copy; on its day, with another part
of the same machine in the basket; or with what all shops' customers have in it, on the same day."""
BEFORE = 0.7
"""So often, if all is sound, a page is asked for just before a feed and just after it: nobody pushes in between."""
TRY_AGAIN = 0.5
"""So often whoever pushes a mistake tries again."""
ALL_PARTS = 0.5
"""So often finance reads the scores of all parts, one after the other."""
ONCE_MORE = 0.2
"""So often a feed comes twice, just as it was; and the last one after a wrong push."""
ONLY_SOME = 0.9
"""So often somebody pushes weights only, or no flag: what was on before is off."""
HOUSE = 0.4
"""So often a shop has the settings of the house, which others have too."""
TELLING = 25
"""So many baskets are tried for one whose page depends on what is asked about."""


@dataclass(frozen=True)
class Call:
    """One request to the recommender.

    Attributes:
        right: what is right: `parts`, `degraded` and `legacy_score`, `score`, the `keys` that a refusal may name, or a
            `status`.
        tells: aspects that are told by it, each with what of the answer it is about.
    """

    method: str
    path: str
    body: Any
    right: dict[str, Any]
    tells: dict[str, str] = field(default_factory=dict)


class Tenant:
    """A tenant's steps, made one after the other."""

    def __init__(self, seed: int, name: str, lap: int = 0) -> None:
        self.name = name if not lap else f"{name}.{lap}"
        self._seed = seed
        self._shop = right.Shop()
        self._house = pushes.good(random.Random(f"{seed}:house"))
        self._same_day = _day(random.Random(f"{seed}:day"), USUAL)
        self._last: tuple[list[str], str] = [], ""
        self._pushes, self._days = list[Settings](), 0
        self._sent = list[tuple[list[Row], dict[str, Any]]]()
        self._way, self._factors = market.PLAIN, dict[str, float]()
        self._market = market.Market(random.Random(f"{seed}:{name}"), random.Random(seed))

    def first(self) -> list[Call]:
        """The settings and the catalogue that it begins with."""
        rng = random.Random(f"{self._seed}:{self.name}:first")
        push = self._push(rng, close_of_month=False)
        self._told = self._feed(rng, market.PLAIN)
        return [push, self._told]

    def step(self, case: Step) -> Iterator[Call]:
        """The calls of a case."""
        rng = random.Random(f"{self._seed}:{case['id']}")
        calls = {"push": self._pushed, "close": self._closed, "refuse": self._refused, "feed": self._fed}
        return calls[case["kind"]](rng, case)

    def _pushed(self, rng: Random, case: Step) -> Iterator[Call]:
        equal = dict(zip(right.WEIGHTS, (1, 0, 0, 0, 0), strict=True))
        heavy = {"heavy_last": True, "own_brand_first": False}
        few = {"one_per_maker": False, "min_stock": 50, "max_price": 40}  # so that what comes last is shown
        also = rng.choice(({"one_per_maker": True}, few)) | {"close_of_month": rng.random() < 0.6}
        yield self._push(rng, **equal, **heavy, **also)
        yield self._page(rng, {"golden": "list"})
        if rng.random() < 0.7:
            before = self._shop.settings
            yield self._push_else_as_before(rng, **_one_key(rng, before))
            yield self._page(rng, {"golden": "list"}, unlike=before)
        else:
            yield self._push(rng)
            yield self._page(rng, {"golden": "list"})
        yield self._next_day(rng)
        yield self._page(rng, {})
        yield self._page(rng, {"in-use": "number"}, like=rng.choice((ALIKE, ALIKE, ALIKE, None)))
        if rng.random() < ONLY_SOME:
            before = self._shop.settings
            yield self._pushed_as(pushes.bare(rng))
            yield self._page(rng, {"golden": "list"}, unlike=before)
        else:
            yield self._page(rng, {"golden": "list"})

    def _closed(self, rng: Random, case: Step) -> Iterator[Call]:
        yield from self._close(rng)
        yield self._page(rng, {}, LAST)
        yield self._next_day(rng)
        yield self._page(rng, {"in-use": "both"}, LAST)
        yield self._page(rng, {"golden": "list"}, NEAR)
        if rng.random() < ALL_PARTS:
            for part in sorted(self._shop.parts()):
                yield self._report(rng, None, part)
            yield self._report(rng)
        else:
            yield self._page(rng, {"in-use": "both"}, LAST)
        yield self._report(rng)

    def _next_day(self, rng: Random) -> Call:
        """The feed of four o'clock: after finance's push, before mail's pages. Settings are older than values."""
        self._told = self._feed(rng, market.LATE)
        return self._told

    def _close(self, rng: Random) -> Iterator[Call]:
        """Finance's push: mostly what is in force, with the one flag."""
        if rng.random() < 0.9:
            if self._shop.settings["close_of_month"]:
                yield self._push_else_as_before(rng, close_of_month=False)
            yield self._push_else_as_before(rng, close_of_month=True)
        else:
            yield self._push(rng, close_of_month=True)

    def _refused(self, rng: Random, case: Step) -> Iterator[Call]:
        """A mistake in what is in force, or in other settings. It comes again, mended: what was taken by mistake spoils
        no other promise."""
        base = pushes.good(rng)
        if case["way"] != "negative":  # what is below 0 needs room in another weight
            base = rng.choices((base, self._house, self._pushes[-1]), (0.3, 0.3, 0.4))[0]
        document, named, beside = pushes.bad(rng, case["way"], self.name, case.get("flag", ""), base)
        often = rng.choice((1, 1, 2, 2, rng.randint(3, 12)))
        for _ in range(1 + (rng.random() < TRY_AGAIN) * often):
            yield Call("POST", "/config", document, {"keys": (named, beside)})
        if rng.random() < ONCE_MORE:  # nothing of the push waits for a feed
            yield self._told
        for _ in range(rng.choice((0, 0, 0, 1, rng.randint(2, 9)))):  # nor for a page
            yield self._page(rng, {}) if rng.random() < 0.7 else self._report(rng, None)
        day = LAST if self._shop.settings["close_of_month"] and rng.random() < 0.6 else USUAL
        yield self._report(rng, "refused") if rng.random() < 0.25 else self._page(rng, {"refused": "both"}, day)
        yield self._pushed_as(base) if rng.random() < 0.5 else self._push(rng)

    def _fed(self, rng: Random, case: Step) -> Iterator[Call]:
        like = AGAIN if rng.random() < BEFORE and not self._shop.degraded else None
        if like:
            yield self._page(rng, {})
        self._told = self._feed(rng, case["way"])
        yield self._told
        if rng.random() < ONCE_MORE:
            yield self._told
        for aspect, many in case["asked"].items():
            for at in range(many):
                if aspect == "in-use":
                    yield from self._counted_on(rng)
                else:
                    if aspect == "units" and at:
                        yield from self._pushed_meanwhile(rng)
                    yield self._page(rng, {aspect: "list"}, like=None if at else like)

    def _pushed_meanwhile(self, rng: Random) -> Iterator[Call]:
        """While a column is degraded settings change, and often one that is about that column; or somebody tries."""
        if rng.random() < 0.5:
            document, named, beside = pushes.bad(rng, "negative", self.name)
            yield Call("POST", "/config", document, {"keys": (named, beside)})
        if "weight_g" in self._shop.degraded:
            yield self._push(rng, heavy_last=True, own_brand_first=False)
        elif rng.random() < 0.5:
            yield self._push(rng)

    def _counted_on(self, rng: Random) -> Iterator[Call]:
        """By finance at a month's end, and often its reports just then; or by finance or mail on any day."""
        if "lead_h" not in self._shop.degraded and rng.random() < 0.1:
            yield self._report(rng) if rng.random() < 0.5 else self._page(rng, {"in-use": "number"})
            return
        yield from self._close(rng)
        if "lead_h" in self._shop.degraded or rng.random() < 0.5:
            yield self._page(rng, {}, LAST)
            yield self._page(rng, {"in-use": "both"}, LAST, like=rng.choice((ALIKE, None)))
        else:
            yield self._page(rng, {}, LAST)
            yield self._report(rng)

    def _push(self, rng: Random, **also: Any) -> Call:
        config = pushes.good(rng, **also)
        if not also and len(self._pushes) > 2 and rng.random() < 0.4:
            config = rng.choice(self._pushes[:-1])  # back to what it was
        elif not also and rng.random() < HOUSE:
            config = self._house
        return self._pushed_as(config)

    def _push_else_as_before(self, rng: Random, **also: Any) -> Call:
        config = self._pushes[-1] | also
        return self._pushed_as({key: config[key] for key in rng.sample(sorted(config), len(config))})

    def _pushed_as(self, config: Settings) -> Call:
        self._pushes.append(config)
        self._shop.push(config)
        return Call("POST", "/config", {"tenant": self.name, "config": config}, {"status": 200})

    def _feed(self, rng: Random, way: str) -> Call:
        self._market.pass_days(rng, way)
        rows = self._market.told(rng, way)
        if self._goes_back(rng, way):
            rows, document = self._sent[-2]
            self._way, self._sent = way, []
            self._shop.feed(rows, {})
            return Call("POST", "/catalogue", document, {"status": 200})
        self._days = self._days + 1 if way == self._way else 1
        if self._days < 3:  # another unit may go over into a third; from the third day on it stays until it is mended
            self._way, self._factors = way, market.factors_of(rng, way)
        factors = self._factors
        self._shop.feed(rows, factors)
        document = market.document(rng, self.name, rows, way, factors)
        self._sent = [] if factors or way == "dearer" else [*self._sent, (rows, document)]
        return Call("POST", "/catalogue", document, {"status": 200})

    def _goes_back(self, rng: Random, way: str) -> bool:
        """Whether the shop sends its feed before last again: both are sound, and have the same parts. Prices
        that have risen stay: two rises in a row would be another unit."""
        if len(self._sent) < 2 or way in (*market.UNITS, "dearer", market.LATE):
            return False
        before, last = ({row["part"] for row in rows} for rows, _ in self._sent[-2:])
        return before == last and rng.random() < 0.9

    def _report(self, rng: Random, aspect: str | None = "in-use", part: str | None = None) -> Call:
        """Half of the time of a part that we lose money with, and that is old: there the copies of the score differ."""
        parts, days = self._shop.parts(), self._shop.settings["fresh_days"]
        lost = [id for id in sorted(parts) if right.loses(parts[id])] or sorted(parts)
        part = part or rng.choice([id for id in lost if parts[id]["age_days"] > days] or lost)
        if aspect and rng.random() < 0.5:
            part = rng.choice(sorted(parts))
        path = f"/internal/scores?tenant={self.name}&part={part}"
        return Call("GET", path, None, {"score": self._shop.report(part)}, {aspect: "score"} if aspect else {})

    def _page(
        self,
        rng: Random,
        tells: dict[str, str],
        kind: str = USUAL,
        unlike: Settings | None = None,
        like: str | None = None,
    ) -> Call:
        """A page; if there is one, such a one as is another with the settings `unlike`, or shows what it is about.
        What is in the basket is `like` what was in the last one, or that is drawn."""
        if unlike and unlike["close_of_month"] != self._shop.settings["close_of_month"]:
            kind = LAST
        if kind == USUAL and not self._shop.settings["close_of_month"] and rng.random() < 0.2:
            day = _day(rng, LAST)
        else:
            day = _day(rng, kind)
        known = self._shop.parts()
        basket, day = self._like_last(rng, kind, like, day)
        for at in range(TELLING):
            if at or not basket:
                basket = rng.sample(sorted(known), rng.randint(1, 4))
            parts, old = self._shop.page(basket, day)
            if unlike:
                telling = parts != self._shop.page(basket, day, unlike)[0]
            elif kind != USUAL:
                other = "2026-02-03" if kind == LAST else "2026-06-30"
                telling = parts != self._shop.page(basket, other)[0]
            else:
                telling = "in-use" not in tells or any(right.loses(known[part]) for part in parts)
            if telling:
                break
        self._last = basket, day
        answer = {"parts": parts, "legacy_score": old, "degraded": sorted(self._shop.degraded)}
        return Call("POST", "/recommend", {"tenant": self.name, "basket": basket, "date": day}, answer, tells)

    def _like_last(self, rng: Random, kind: str, like: str | None, day: str) -> tuple[list[str], str]:
        """A basket and its day: those of the last page or nearly so, or what all shops have; else no basket."""
        (last, then), known = self._last, self._shop.parts()
        like = like or {NEAR: AGAIN, LAST: ANY}.get(kind) or rng.choices((*BASKETS,), (*BASKETS.values(),))[0]
        if like == COMMON:
            return [min(known, key=lambda part: (zlib.crc32(f"{self._seed}:{part}".encode()), part))], self._same_day
        if like == ANY or not last or not known.keys() >= set(last):
            return [], day
        closing = self._shop.settings["close_of_month"]
        if kind != NEAR and right.closes(then) in ((True,) if kind == LAST else (False, not closing)):
            day = then
        return last if like == AGAIN else self._alike(rng, known, last, day), day

    def _alike(self, rng: Random, known: Mapping[str, Row], basket: list[str], day: str) -> list[str]:
        """A basket with one part for another: of the same machine, and one that was shown, if there is any."""
        at, shown = rng.randrange(len(basket)), self._shop.page(basket, day)[0]
        machine, others = known[basket[at]]["fits"], [part for part in sorted(known) if part not in basket]
        near = {part: (known[part]["fits"] == machine, part in shown) for part in others}
        other = rng.choice([part for part in others if near[part] == max(near.values())])
        return [*basket[:at], other, *basket[at + 1 :]]


def _one_key(rng: Random, settings: Settings) -> Settings:
    """Another value for one key, mostly for a flag."""
    key = rng.choice((*right.FLAGS, *right.FLAGS, *right.LIMITS))
    if key in right.LIMITS:
        low, high = right.LIMITS[key]
        return {key: rng.randint(low, min(high, 900))}
    other = {"own_brand_first": "heavy_last", "heavy_last": "own_brand_first"}.get(key)
    return {key: not settings[key]} | ({other: False} if other else {})


def _day(rng: Random, kind: str) -> str:
    """Long months, short ones, February, and often that of a leap year."""
    leap = rng.choice(LEAP_YEARS)
    year = leap + rng.randint(1, 3)
    long, short = rng.choice(LONG), rng.choice(SHORT)
    if kind == LAST:
        return rng.choice((f"{year}-{long}-31", f"{year}-{short}-30", f"{year}-02-28", *[f"{leap}-02-29"] * 2))
    if kind == NEAR:
        return rng.choice((*[f"{year}-{long}-30"] * 2, f"{year}-{short}-29", f"{leap}-02-28"))
    return f"{year}-{rng.randint(1, 12):02d}-{rng.randint(1, 27):02d}"
