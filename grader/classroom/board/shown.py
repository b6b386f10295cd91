"""What each page is told: standings as plain data, in parts that change by themselves. Pure.

Names, paths, titles and reasons are written by others: made visible and short here, and put into pages as text only.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

from grader.classroom.board.alarms import Alarm
from grader.classroom.board.history import Event, Kind
from grader.classroom.board.standing import AtLab, Standing, Where, met
from grader.classroom.board.stuck import Reason
from grader.classroom.board.times import moment
from grader.classroom.cluster.model import Participant, Snapshot, Submission
from grader.safe import visible

Parts = dict[str, Any]

MOST_MARKS = 120
"""Saves drawn of one desk; of those closer together than a hundredth of an inch the last stands for all."""

MOST_PATHS, MOST_REASONS, MOST_OBJECTIVES, MOST_SUBMISSIONS = 40, 3, 20, 30
_MOST_COUNT = 1_000_000


def for_teacher(snapshot: Snapshot, everybody: Iterable[Standing], alarms: Iterable[Alarm], now: float) -> Parts:
    """`about`, and `person/<id>` for everyone; times in whole seconds since the epoch."""
    began, ends = moment(snapshot.began) or now, moment(snapshot.ends)
    about = {
        "workshop": visible(snapshot.workshop, 60),
        "labs": list(snapshot.labs),
        "began": _whole(began),
        "ends": _whole(ends),
        "alarms": [{"text": a.text, "remedy": visible(a.remedy), "since": _whole(a.since)} for a in alarms],
    }
    grain = max(60.0, (ends or now) - began) / MOST_MARKS
    return {"about": about} | {f"person/{one.person.id}": _person(one, grain) for one in everybody}


def _person(one: Standing, grain: float) -> dict[str, Any]:
    return {
        "id": one.person.id,
        "name": visible(one.person.name, 60),
        "nick": visible(one.person.nickname, 40),
        "current": one.current,
        "labs": {lab.lab: _lab(lab, grain) for lab in one.labs},
    }


def _lab(one: AtLab, grain: float) -> dict[str, Any]:
    last = next((s for s in reversed(one.submissions) if s.verdict), None)
    return {
        "where": str(one.where),
        "passed": one.passed,
        "position": one.position,
        "started": _whole(one.started),
        "saved": _whole(one.saved),
        "seen": _coarse(one.seen),
        "saves": min(one.saves, _MOST_COUNT),
        "changed": [visible(path, 120) for path in one.changed[:MOST_PATHS]],
        "changedMore": max(0, len(one.changed) - MOST_PATHS),
        "hints": one.hints_wanted,
        "hintsGiven": one.hints_given,
        "verdict": visible(last.word, 16) if last else "",
        "verdictAt": _whole(moment(last.finished)) if last else None,
        "met": one.met,
        "of": len(one.judged.objectives) if one.judged else 0,
        "objectives": _objectives(one.judged),
        "submissions": [_submission(n, s) for n, s in enumerate(one.submissions, start=1)][-MOST_SUBMISSIONS:],
        "stuck": [
            {"rule": r.rule, "text": visible(r.text), "because": r.because, "since": _whole(r.since)}
            for r in one.reasons
        ],
        "events": _marks(one.events, grain),
    }


def _reason(one: Reason) -> dict[str, Any]:
    return {"rule": one.rule, "text": visible(one.text), "because": one.because, "since": _whole(one.since)}


def _submission(number: int, one: Submission) -> dict[str, Any]:
    return {
        "n": number,
        "state": str(one.state),
        "position": one.position,
        "created": _whole(moment(one.created)),
        "started": _whole(moment(one.started)),
        "finished": _whole(moment(one.finished)),
        "verdict": visible(one.word, 16),
        "met": met(one),
        "of": len(one.objectives),
        "tries": one.tries,
        "reasons": [visible(text, 300) for text in one.reasons[:MOST_REASONS]],
    }


def _objectives(one: Submission | None) -> list[list[str]]:
    return [[visible(o.title, 80), visible(o.word, 16)] for o in one.objectives[:MOST_OBJECTIVES]] if one else []


def _marks(events: tuple[Event, ...], grain: float) -> list[list[Any]]:
    """[time, kind, word] each, thinned where they could not be told apart; the word of a save or hint is the count so
    far, that of a verdict the verdict."""
    kept: dict[tuple[Any, ...], list[Any]] = {}
    for one in events:
        thin = one.kind is Kind.SAVE
        key = (one.kind, int(one.at / grain)) if thin else (one.kind, one.key)
        word = one.word or (one.key if one.kind in (Kind.SAVE, Kind.HINT) else "")
        kept[key] = [_whole(one.at), str(one.kind), visible(word, 20)]
    return list(kept.values())[-4 * MOST_MARKS :]


def for_everybody(snapshot: Snapshot, everybody: Iterable[Standing], secret: str, now: float) -> Parts:
    """`about`, and `seat/<n>` for everyone: nicknames and progress, and nothing that leads to a person or shames one.

    Seats are numbered in an order that follows from `secret` alone, and is the same after a restart. A nickname that
    is the person's id or name would tell who it is: the seat's number stands there instead.
    """
    people = list(everybody)
    seats = {f"seat/{n}": _seat(n, one) for n, one in enumerate(sorted(people, key=_shuffled(secret)), start=1)}
    count = Counter(seat["where"] for seat in seats.values())
    about = {
        "began": _whole(moment(snapshot.began) or now),
        "ends": _whole(moment(snapshot.ends)),
        "people": len(people),
        "started": sum(seat["where"] != Where.NEW for seat in seats.values()),
        "passed": sum(seat["passes"] > 0 for seat in seats.values()),
        "queued": count[Where.QUEUED],
        "exam": count[Where.EXAM],
        "labs": len(snapshot.labs),
    }
    return {"about": about} | seats


def _shuffled(secret: str) -> Any:
    return lambda one: hashlib.sha256(f"{secret}/{one.person.id}".encode()).digest()


def _seat(number: int, one: Standing) -> dict[str, Any]:
    current = next((lab for lab in one.labs if lab.lab == one.current), None)
    best = max((met(s) for s in current.submissions if s.verdict in ("pass", "fail")), default=0) if current else 0
    return {
        "nick": _nickname(one.person, number),
        "where": str(current.where if current else Where.NEW),
        "position": current.position if current else 0,
        "met": best,
        "of": len(current.judged.objectives) if current and current.judged else 0,
        "passes": sum(lab.passed for lab in one.labs),
    }


def _nickname(person: Participant, number: int) -> str:
    telling = {person.id.casefold(), person.name.strip().casefold(), ""}
    return f"Seat {number}" if person.nickname.strip().casefold() in telling else visible(person.nickname, 24)


def _whole(time: float | None) -> int | None:
    return None if time is None else round(time)


def _coarse(time: float | None) -> int | None:
    """To ten seconds: everybody's `lab` speaks all the time, and a sign of life alone is no news to send."""
    return None if time is None else 10 * int(time // 10)
