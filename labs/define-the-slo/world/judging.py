"""What a promise makes of a month: days, budget and alerts, and the word for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from calendars import BUDGET, HOUR, MINUTES, ByDay, ByMinute, Episode
from numpy.typing import NDArray
from weeks.budget import burn, held
from weeks.episodes import runs
from written import Promise

TOLERANCE = 0.001
STOPS = 2 * HOUR
LOOKS = 22 * HOUR
"""A page has to be over two hours after the harm is; the rest of a day is looked at."""

Told = Iterator[tuple[str, str, str]]
"""Each an aspect, the word for it, and a note."""

Open = Mapping[str, NDArray[Any]]
"""By minute, whether a page and whether a ticket is open."""


def alerts(promise: Promise, bad: NDArray[Any], total: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """By minute, whether a page and whether a ticket is open."""
    found = {"page": np.zeros(MINUTES, bool), "ticket": np.zeros(MINUTES, bool)}
    for policy in promise.policies:
        over = np.ones(MINUTES, bool)
        for window in {policy.long, policy.short}:
            over &= burn(bad, total, window, promise.target) >= policy.threshold
        for target in policy.tells:
            found[target] |= held(over, policy.after)
    return found


def opened(mask: NDArray[Any], begins: int, ends: int) -> int | None:
    """The first minute from `begins` until before `ends` at which something opens, or None."""
    return next((at for at, _ in runs(mask) if begins <= at < ends), None)


def on_days(promise: Promise, month: ByDay, good: NDArray[Any], total: NDArray[Any]) -> Told:
    """(aspect, word, note) of a month in days."""
    said, whole = month.ratios(good, total), month.whole(good, total)
    true, truly = month.true
    for aspect, days in (("hurt-days", month.harm), ("calm-days", month.calm)):
        for kind, day in days.items():
            word = "right" if abs(said[day] - true[day]) <= TOLERANCE else "off"
            yield aspect, word, f"day {day + 1}, {kind}: {percent(true[day])} hurt, the SLO says {percent(said[day])}"
    spent, says = truly > BUDGET, whole > 1 - promise.target
    note = f"{percent(truly)} hurt, the SLO says {percent(whole)} and allows {percent(1 - promise.target)}"
    yield "budget", "right" if spent == says else "spent" if says else "kept", note


def in_minutes(promise: Promise, month: ByMinute, good: NDArray[Any], total: NDArray[Any]) -> Told:
    """(aspect, word, note) of a month in minutes."""
    open_ = alerts(promise, *month.counted(good, total))
    for episode in month.told:
        yield from JUDGED[episode.what](episode, open_)


def harm(episode: Episode, open_: Open) -> Told:
    """Somebody is hurt, and somebody has to wake up in time; and may sleep again soon after."""
    page, seen = open_["page"], about(episode)
    at = opened(page, episode.begins, episode.deadline)
    none = "a page was open before" if page[episode.begins] else "no page"
    when = none if at is None else f"page after {at - episode.begins} min"
    yield "paged", "late" if at is None else "right", f"{seen}: {when}; by {episode.deadline - episode.begins} min"
    if not page[episode.begins : episode.ends].any():
        yield "stops", "unpaged", f"{seen}: no page"
        return
    last = np.flatnonzero(page[episode.ends : episode.ends + STOPS + LOOKS])
    after = int(last[-1]) + 1 if len(last) else 0
    yield "stops", "right" if after <= STOPS else "rings", f"{seen}: last page is over {after} min after it"


def leak(episode: Episode, open_: Open) -> Told:
    """A slow one is for working hours; also once it is over, as long as a window remembers it."""
    seen = about(episode)
    rang = opened(open_["page"], episode.begins, episode.until)
    told = opened(open_["ticket"], episode.begins, episode.deadline)
    if rang is not None:
        yield "ticketed", "page", f"{seen}: page after {(rang - episode.begins) / HOUR:.0f} h"
    elif told is not None:
        yield "ticketed", "right", f"{seen}: ticket after {(told - episode.begins) / HOUR:.0f} h"
    else:
        yield "ticketed", "late", f"{seen}: no ticket by {(episode.deadline - episode.begins) / HOUR:.0f} h"


def calm(episode: Episode, open_: Open) -> Told:
    """Nobody was hurt, or nobody would remember it."""
    span = slice(episode.begins, episode.ends)
    word = next((target for target in ("page", "ticket") if open_[target][span].any()), "right")
    yield "quiet", word, f"{about(episode)}: {'quiet' if word == 'right' else f'a {word} is open'}"


JUDGED: dict[str, Callable[[Episode, Open], Told]] = {
    "fast": harm,
    "medium": harm,
    "leak": leak,
    "odd": calm,
    "nothing": calm,
}


def about(episode: Episode) -> str:
    """An episode in words."""
    day, minute = divmod(episode.begins, 24 * HOUR)
    when = f"day {day + 1}, {minute // HOUR:02d}:{minute % HOUR:02d}"
    if episode.burn:
        return f"{when}, {episode.what}, {episode.kind}, burn rate {episode.burn:.1f}"
    return f"{when}, {episode.kind or 'nothing but a blip'}"


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{100 * share:.3g} %"
