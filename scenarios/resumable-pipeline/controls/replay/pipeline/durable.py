"""Durable execution: a workflow is a generator that yields what is to be done, and is sent what came of it.

It runs from its first line in every process. What an earlier process has done is not done again: the journal has what came of
it. So a workflow has to be a function of its arguments and of what it is sent, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from journal import Journal


@dataclass(frozen=True)
class Once:
    """Done, and its outcome (something JSON can say) written down before the workflow goes on. A crash between the two is the
    only way to do it twice."""

    name: str
    work: Callable[[], Any]


@dataclass(frozen=True)
class Always:
    """Done in every process that comes by: it has to make sure of a state rather than add to it."""

    work: Callable[[], Any]


Workflow = Generator[Once | Always, Any, None]


def drive(workflow: Workflow, journal: Journal) -> None:
    outcome = None
    while True:
        try:
            wish = workflow.send(outcome)
        except StopIteration:
            return
        outcome = _grant(wish, journal)


def _grant(wish: Once | Always, journal: Journal) -> Any:
    if isinstance(wish, Always):
        return wish.work()
    if wish.name not in journal:
        journal.append(wish.name, wish.work())
    return journal[wish.name]
