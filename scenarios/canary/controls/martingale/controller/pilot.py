"""The policy, as a function from what is seen to the share that v2 shall have. No clocks, no network, no disk.

There are no steps. The share grows by a few per cent at each look, towards 100 % at `FULL_AT`; it stands still while a
suspicion is in the air, is halved when the suspicion hardens, and goes to zero at a conviction. Whoever stood still catches
up later if he can. Who has not had all the traffic for long enough, or has shown too little, is not promoted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from estimate import BETS, EVERYONE, Gamblers, Tallies, Tally, chance, pooled, tolerated

FIRST_SHARE = 14.0
WARM_UP, ECHO = 1.5, 0.4  # a fresh pod's troubles, since its first parcel, and parcels that carry them on
FULL_AT, FULL_BY, DECIDE_AT = 5.4, 7.2, 8.7  # of 9.5 seconds
GROWTH = 1.2  # at most, per look
FIRST_PARCEL_BY = 3.5
STILL, HALVE, CONVICT, ACQUIT = 4.5, 5.2, 8.0, 5.0  # log wealth; e^8 is 1 in 3,000 for each suspicion
IN_FLIGHT, LOOKS = 10.0, 3
# no more than this share before so many marks, and so many parcels after the warm-up
CAPS = ((30.0, 6, 10), (60.0, 14, 40))
MARKS, PARCELS, OF_EACH = 40, 100, 3  # what a promotion takes
ODD = 0.004  # at the end: a carrier whose cases are less likely than this with a good release
AT_END = {"errors": 0.03, "slow": 0.05, "wrong": 0.05}  # pooled rates; `wrong` is on top of v1's


class Sight(NamedTuple):
    """One look at both models. Tallies count from the start of each server; `at` from the call."""

    at: float
    v1: Tallies
    v2: Tallies
    in_flight: float
    paused: bool = False  # we were not run for a while, and likely nobody else was


class Order(NamedTuple):
    """What to do now."""

    verb: Literal["share", "promote", "reject"]
    share: int = 0
    why: str = ""


@dataclass
class Pilot:
    """One rollout's memory."""

    v1_start: Tallies
    v2_last: Tallies
    at: float
    share: float = FIRST_SHARE
    first_parcel: float | None = None
    judged: dict[str, Tally] = field(default_factory=dict)
    gamblers: Gamblers = field(default_factory=Gamblers)
    crowded: int = 0
    halved: float = -1.0

    def look(self, sight: Sight) -> Order:
        """Take in one look."""
        before = pooled(self.v2_last.values())
        now = pooled(sight.v2.values())
        if now.parcels < before.parcels:
            return Order("reject", why="v2 has restarted")
        if self.first_parcel is None and (sight.in_flight > 0 or now.parcels > before.parcels):
            self.first_parcel = sight.at
        self._learn(sight)
        wealth, whose = self.gamblers.richest()
        everyone = self.judged.get(EVERYONE, Tally())
        if wealth >= CONVICT:
            return Order("reject", why=f"{whose}, e^{wealth:.1f}: {_words(everyone)}")
        if self.crowded >= LOOKS:
            return Order("reject", why=f"v2 does not keep up, {sight.in_flight:.0f} parcels in work")
        if sight.at >= DECIDE_AT:
            return self._verdict(sight, wealth, whose)
        if self.first_parcel is None:
            if sight.at > FIRST_PARCEL_BY:
                return Order("reject", why="v2 gets no parcels")
            return Order("share", self._rounded())
        if sight.at - self.first_parcel > WARM_UP:
            self._steer(sight.at, wealth, everyone)
        if sight.at > FULL_BY and self._rounded() < 100:
            return Order("reject", why=f"not convinced in time: {whose}, e^{wealth:.1f}; {_words(everyone)}")
        return Order("share", self._rounded())

    def _learn(self, sight: Sight) -> None:
        news = {scope: tally - self.v2_last.get(scope, Tally()) for scope, tally in sight.v2.items()}
        news[EVERYONE] = pooled(news.values())
        calm = self.first_parcel is not None and self.at - self.first_parcel >= WARM_UP + ECHO
        self.crowded = self.crowded + 1 if calm and sight.in_flight >= IN_FLIGHT else 0
        lately = {scope: tally - self.v1_start.get(scope, Tally()) for scope, tally in sight.v1.items()}
        for scope, new in news.items():
            if not calm:  # a cold pod is slow and fails, but it does not misread
                new = Tally(marks=new.marks, wrong=new.wrong)
            elif sight.paused:
                new = new._replace(timed=0.0, slow=0.0)
            self.judged[scope] = self.judged.get(scope, Tally()) + new
            for bet in BETS:
                v1 = sight.v1 if bet.name == "wrong" else lately
                self.gamblers.play(bet, scope, new, tolerated(bet, v1, scope), int(sight.at))
        self.v2_last, self.at = sight.v2, sight.at

    def _steer(self, at: float, wealth: float, seen: Tally) -> None:
        if wealth >= HALVE:
            if at - self.halved < 1.0:  # once a second: evidence must go on coming in
                return
            self.halved = at
            self.share = max(FIRST_SHARE, self.share / 2)
        elif wealth < STILL:
            looks_left = max(1.0, (FULL_AT - at) / 0.2)
            wanted = self.share * min(GROWTH, (100.0 / self.share) ** (1.0 / looks_left))
            for cap, marks, parcels in CAPS:
                if seen.marks < marks or seen.parcels < parcels:
                    wanted = min(wanted, max(cap, self.share))
            self.share = min(100.0, wanted)

    def _rounded(self) -> int:
        return 100 if self.share > 99.0 else round(self.share)

    def _verdict(self, sight: Sight, wealth: float, whose: str) -> Order:
        seen = self.judged.get(EVERYONE, Tally())
        if self._rounded() < 100 or wealth >= ACQUIT:
            return Order("reject", why=f"in doubt at the end: {whose}, e^{wealth:.1f}")
        if seen.marks < MARKS or min(seen.parcels, seen.timed) < PARCELS:
            return Order("reject", why=f"too little is known: {_words(seen)}")
        for carrier, tally in sight.v1.items():
            sent = tally - self.v1_start.get(carrier, Tally())
            if sent.parcels >= 10 and self.judged.get(carrier, Tally()).parcels < OF_EACH:
                return Order("reject", why=f"hardly seen: {carrier}")
        v1 = pooled(sight.v1.values())
        for bet in BETS:
            for carrier, tally in self.judged.items():
                odd = chance(tally[bet.bad], tally[bet.of], tolerated(bet, sight.v1, carrier))
                if bet.name != "slow" and carrier != EVERYONE and odd < ODD:  # slow parcels come in clusters
                    return Order("reject", why=f"{bet.name} of {carrier} at the end: {_words(tally)}")
            most = AT_END[bet.name] + ((v1.wrong + 8) / (v1.marks + 200) if bet.name == "wrong" else 0.0)
            if seen[bet.bad] / seen[bet.of] > most:
                return Order("reject", why=f"{bet.name} at the end: {_words(seen)}")
        return Order("promote", 100)


def _words(tally: Tally) -> str:
    return (
        f"{tally.errors:.0f} errors of {tally.parcels:.0f}, {tally.slow:.0f} slow of {tally.timed:.0f}, "
        f"{tally.wrong:.0f} wrong of {tally.marks:.0f}"
    )
