"""Whose turn it is. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from grader.classroom.cluster.model import State, Submission


def order(submissions: Iterable[Submission]) -> list[Submission]:
    """Those that wait, next first.

    A person's turns are their exams that run, or began since the oldest that now waits was sent, and those of theirs
    that wait before this one. Who had fewest turns is next, and among those who was first: so a person's second waits
    behind all others' first, twenty of one person delay nobody by more than one exam, and what was examined before the
    others came is not held against anybody.
    """
    waiting = sorted((one for one in submissions if one.state is State.QUEUED), key=age)
    turns = Counter(one.namespace for one in submissions if waiting and _counts(one, waiting[0].created))
    ranked = []
    for one in waiting:
        ranked.append((turns[one.namespace], age(one), one))
        turns[one.namespace] += 1
    return [one for _, _, one in sorted(ranked, key=lambda place: place[:2])]


def age(one: Submission) -> tuple[str, str]:
    """By when it was sent; the cluster's clock counts seconds, so that names decide between two."""
    return one.created, one.uid


def _counts(one: Submission, since: str) -> bool:
    return one.state is State.RUNNING or (one.state is State.DONE and one.started >= since)
