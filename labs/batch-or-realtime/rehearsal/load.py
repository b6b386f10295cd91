"""Card payments: most are honest, some are a thief's. A season of the world has them; here they get dates."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from call_receipts import checked
from common.names import generator, named

from grader.labkit import Request, world

with world(__file__):
    from calendar_days import DAY_S, begin_of, practice, practice_season, text
    from season import LATE_FROM, OPENS, PAYMENTS, Payment, hour_of, key_of, season

GIVEN_UP_S = 1.2
FRESH_H, GRACE_H = 24.0, 1.0
SLOW_S = 1.2  # how long the scorer is slow
BEFORE_S, AFTER_S = 0.1, 0.4  # around it, where fresh fraud is not judged
AFTER = {"refuses": "recovered", "old": "noticed"}  # what is judged after a bad night of each kind
DECISIONS = ("approve", "decline")


@dataclass(frozen=True)
class Asked(Request):
    """A payment of which a decision is asked; `new`: its card was issued after the last good night."""

    card: str = ""
    at: float = 0.0
    new: bool = False


class Traffic:
    """Parameters: `season` is what cards and payments are drawn from, `day` when it begins, `seal` what receipts are
    signed with, `nights` which nights are bad, `slow_at` when the scorer gets slow (seconds of the trial)."""

    target = "http://front:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self._seed, self._phases = seed, parameters["timeline"]
        self._practice = "season" not in parameters
        self._season = parameters.get("season")
        self._begin = begin_of(int(parameters.get("day", 0)))
        self._key = key_of(parameters.get("seal", "practice"))
        self._bad = bad(str(parameters.get("nights", "")))
        self._slow_at = float(parameters.get("slow_at", -DAY_S))

    def request(self, n: int) -> Asked:
        """The n-th payment. In practice it is one of the moment at which it is asked for."""
        if self._practice:
            return self._now(n)
        phase = next(each for each in reversed(self._phases) if each["first"] <= n < each["first"] + each["count"])
        day, slot = int(phase["phase"].partition("-")[2]), n - phase["first"]
        paid = season(self._season).days[day - 1][slot]
        due = phase["start"] + (slot + 0.5) / phase["rate"] - self._slow_at
        segment = "slow" if 0 <= due < SLOW_S else "near" if -BEFORE_S <= due < SLOW_S + AFTER_S else "plain"
        name = paid.kind
        if name == "known" and day in self._bad:
            name = AFTER[self._bad[day]] if hour_of(slot) > LATE_FROM else "morning"
        issued = season(self._season).cards[paid.card].issued
        since = 24 * (day - 2 if day in self._bad else day - 1)
        return self._asked(n, paid, self._begin + paid.hour * 3600, name, segment, new=issued >= since)

    def _now(self, n: int) -> Asked:
        now = practice(time.time())
        seed, begin = practice_season(now)
        day, hour = divmod((now - begin) / 3600, 24)
        payments = season(seed).days[int(day)]
        slot = int((hour - OPENS) / (24 - OPENS) * PAYMENTS)
        if hour < OPENS:  # a few pay at night
            slot = generator(seed, "night", n).choice([i for i, one in enumerate(payments) if one.kind == "honest"])
        paid = payments[slot]
        return self._asked(n, paid, now, paid.kind, "plain", new=paid.kind in ("new", "newcomer"))

    def _asked(self, n: int, paid: Payment, at: float, name: str, segment: str, *, new: bool) -> Asked:
        payment = {
            "payment": f"p-{named(self._seed, 'payment', n, size=6)}", "card": paid.card, "amount": paid.amount,
            "at": text(at), "signals": list(paid.signals),
        }  # fmt: skip
        return Asked(
            "POST", "/v1/decisions", name, json=payment, segment=segment, timeout_s=GIVEN_UP_S, card=paid.card, at=at,
            new=new,
        )  # fmt: skip

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """The decision, `approve` or `decline`, if all that is said of its score is true. With `-unscored` if it rests
        on none and says so, of a card that no good night has seen; with `-untrue` if something that it says is false.
        `none` if there is no decision."""
        assert isinstance(request, Asked)
        if status != 200:
            return "none"
        found = json.loads(body)
        if found["decision"] not in DECISIONS:
            return "none"
        return f"{found['decision']}{self._said(request, found)}"

    def _said(self, asked: Asked, found: Mapping[str, Any]) -> str:
        stale = found["stale"]
        if found["as_of"] is None:
            return "-unscored" if asked.new and stale is True else "-untrue"
        answer = {"score": found["score"], "as_of": found["as_of"]}
        said = checked(self._key, found["receipt"], {"card": asked.card}, answer)
        if said is None or type(stale) is not bool:
            return "-untrue"
        age_h = (asked.at - datetime.fromisoformat(found["as_of"]).timestamp()) / 3600
        return "" if (age_h > FRESH_H - GRACE_H if stale else age_h < FRESH_H + GRACE_H) else "-untrue"


def bad(nights: str) -> dict[int, str]:
    """Which nights are bad, and how, of `2 old, 4 refuses`."""
    return {int(number): way for number, way in (each.split() for each in nights.split(", ") if each)}
