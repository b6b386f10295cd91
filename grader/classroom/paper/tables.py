"""A workshop as tables. Pure; texts of participants are bounded, but not made safe to show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.classroom.cluster.model import Desk, Participant, Snapshot, State, Submission
from grader.classroom.planning.plan import parse_time

Table = tuple[Sequence[str], list[list[object]]]
_DESKS = "participant name nickname lab started saved saves hints submissions last_verdict passed"
_SUBMISSIONS = "participant lab submission created started finished waited_s exam_s tries state verdict close"
DESKS, SUBMISSIONS = _DESKS.split(), _SUBMISSIONS.split()


def participants(found: Snapshot) -> Table:
    """A row for each desk: what its participant did."""
    return DESKS, [
        [
            person.id,
            person.name,
            person.nickname,
            desk.lab,
            desk.started,
            desk.saved,
            desk.saves,
            len(desk.hints),
            len(mine),
            last_verdict(mine),
            next((one.finished for one in mine if one.verdict == "pass"), ""),
        ]
        for person, desk, mine in desks(found)
    ]


def submissions(found: Snapshot) -> Table:
    """A row for each submission, oldest first: its verdict and its times, in seconds."""
    who = {person.namespace: person.id for person in found.participants}
    return SUBMISSIONS, [
        [
            who[one.namespace],
            one.lab,
            one.name,
            one.created,
            one.started,
            one.finished,
            seconds(one.created, one.started),
            one.duration_s,
            one.tries,
            str(one.state),
            one.verdict,
            one.close,
        ]
        for one in found.submissions
    ]


def desks(found: Snapshot) -> Iterator[tuple[Participant, Desk, list[Submission]]]:
    """Every desk in order, with its participant and their submissions of that lab."""
    for person in found.participants:
        for lab in found.labs:
            here = (one for one in found.desks if (one.namespace, one.lab) == (person.namespace, lab))
            desk = next(here, Desk(person.namespace, lab))
            mine = [one for one in found.submissions if (one.namespace, one.lab) == (person.namespace, lab)]
            yield person, desk, mine


def last_verdict(mine: Sequence[Submission]) -> str:
    """Of the last submission that has one."""
    return next((one.word for one in reversed(mine) if one.state == State.DONE), "")


def seconds(since: str, until: str) -> float | str:
    """Between two times; empty where one is missing or none."""
    try:
        return (parse_time(until) - parse_time(since)).total_seconds()
    except ValueError:
        return ""
