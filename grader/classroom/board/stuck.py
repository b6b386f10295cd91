"""Who is stuck, and on what: stated rules over what is known of one person at one lab. Pure.

A rule points a teacher at somebody; it says what was seen and never why. Nobody is stuck who has passed, or whose
submission waits for its verdict. Numbers are for an afternoon with labs of about 45 minutes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

NOT_STARTED_S = 600.0
"""The brief takes five minutes to read, and `lab start` is its first line."""

NOT_SEEN_S = 300.0
"""A participant's `lab` speaks at least once a minute while it runs; five are no pause of the network any more."""

NO_SAVE_S = 900.0
"""Reading code and dashboards takes ten minutes; who saved nothing for a quarter of an hour has lost the thread."""

SAME_MISSED = 3
"""Once is a try, twice may be a wrong number; who misses an objective three times running, and gains none elsewhere,
looks in the wrong place. Who gets further each time is on the way, though the last objective is missed each time."""

FAILS = 5
"""Fails on different objectives, with no more met in the last than in the first of five: guessing."""

MANY_SAVES, NO_SUBMISSION_S = 20, 1200.0
"""Edits that are never put to the test: a verdict costs a minute and says more than a guess."""

INVALID_S = 180.0
"""An exam that proved nothing is nobody's fault, but it has to be asked for again, and people wait for it instead."""


@dataclass(frozen=True)
class Tried:
    """A verdict: pass, fail or invalid; when it came, seconds since the epoch; titles of the objectives missed, and how
    many were met."""

    verdict: str
    at: float
    missed: tuple[str, ...] = ()
    met: int = 0


@dataclass(frozen=True)
class Facts:
    """What the rules look at; times in seconds since the epoch, None for never.

    Attributes:
        now: of the last look at the cluster, or the workshop's end if that is over.
        began: the workshop.
        started, saved, seen: of this person at this lab; `seen` is the last sign of any kind.
        asked: the last submission.
        saves_since: saves since `asked`, or since the beginning.
        waiting: a submission has no verdict yet.
        tried: verdicts, oldest first.
    """

    now: float
    began: float
    started: float | None = None
    saved: float | None = None
    seen: float | None = None
    asked: float | None = None
    saves_since: int = 0
    waiting: bool = False
    tried: tuple[Tried, ...] = ()


@dataclass(frozen=True)
class Reason:
    """Why somebody may need help.

    Attributes:
        rule: its name, for sorting and tests.
        text: what was seen; where there is `since`, how long ago that is follows after "for".
        because: why that is worth a look.
    """

    rule: str
    text: str
    because: str
    since: float | None = None


def stuck(facts: Facts) -> tuple[Reason, ...]:
    """All reasons, the most telling first; none for most people most of the time."""
    if facts.waiting or any(one.verdict == "pass" for one in facts.tried):
        return ()
    if facts.started is None:
        return _only(_not_started(facts))
    return tuple(reason for rule in RULES for reason in _only(rule(facts)))


def _only(reason: Reason | None) -> tuple[Reason, ...]:
    return (reason,) if reason else ()


def _not_started(facts: Facts) -> Reason | None:
    if facts.now - facts.began < NOT_STARTED_S:
        return None
    why = "Everybody should have run `lab start` by now: look whether their kit works."
    return Reason("not-started", "Not started", why, facts.began)


def _same_objective(facts: Facts) -> Reason | None:
    fails = _fails_in_a_row(facts)[-SAME_MISSED:]
    if len(fails) < SAME_MISSED or fails[-1].met > fails[0].met:
        return None
    every = Counter(title for one in fails for title in set(one.missed))
    same = [title for title in dict.fromkeys(fails[-1].missed) if every[title] == SAME_MISSED]
    if not same:
        return None
    names = " and ".join(f"“{title}”" for title in same[:2]) + (f" and {len(same) - 2} more" if same[2:] else "")
    why = "Missed in each of the last three exams, and nothing gained elsewhere: they look in the wrong place."
    return Reason("same-objective", f"{SAME_MISSED} fails on {names}", why)


def _guessing(facts: Facts) -> Reason | None:
    fails = _fails_in_a_row(facts)
    if len(fails) < FAILS or fails[-1].met > fails[-FAILS].met or _same_objective(facts):
        return None
    why = "No more is met than five exams ago: each try mends one thing and breaks another."
    return Reason("guessing", f"{len(fails)} fails in a row, on different objectives", why)


def _untested(facts: Facts) -> Reason | None:
    since = facts.asked if facts.asked is not None else facts.started
    if since is None or facts.saves_since < MANY_SAVES or facts.now - since < NO_SUBMISSION_S:
        return None
    why = "They edit without putting it to the test: a verdict says what is still missing."
    return Reason("untested", f"{facts.saves_since} saves and no submission", why, since)


def _not_seen(facts: Facts) -> Reason | None:
    if facts.seen is None or facts.now - facts.seen < NOT_SEEN_S:
        return None
    why = "Their `lab` has said nothing: a laptop asleep, no network, or they have left."
    return Reason("not-seen", "Not seen", why, facts.seen)


def _no_save(facts: Facts) -> Reason | None:
    times = [time for time in (facts.started, facts.saved, facts.asked, *_last_verdict(facts)) if time is not None]
    last = max(times, default=facts.now)
    if facts.now - last < NO_SAVE_S or _not_seen(facts):
        return None
    why = "They are there and change nothing: a question, or a hint, may set them going."
    return Reason("no-save", "No save" if facts.saved is not None else "Started, and no save", why, last)


def _proved_nothing(facts: Facts) -> Reason | None:
    if not facts.tried or facts.tried[-1].verdict != "invalid" or facts.now - facts.tried[-1].at < INVALID_S:
        return None
    why = "The last exam proved nothing, which is the cluster's doing: they have to submit again."
    return Reason("invalid", "Last exam was invalid, not submitted again", why, facts.tried[-1].at)


def _fails_in_a_row(facts: Facts) -> list[Tried]:
    """All fails, since nobody who passed comes here; invalid ones say nothing and are passed over."""
    return [one for one in facts.tried if one.verdict == "fail"]


def _last_verdict(facts: Facts) -> tuple[float, ...]:
    return (facts.tried[-1].at,) if facts.tried else ()


RULES: tuple[Callable[[Facts], Reason | None], ...] = (
    _same_objective,
    _guessing,
    _untested,
    _not_seen,
    _no_save,
    _proved_nothing,
)
"""In the order of how much they tell."""
