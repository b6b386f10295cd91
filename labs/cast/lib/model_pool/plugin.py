"""What a lab says of its own pool: the class `Answers` of `answers.py`, in the folder that ANSWERS names."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from casebook.calls import Handler

HOOKS = ("words", "covers", "given", "pages", "controls", "ledger")


@dataclass(frozen=True)
class Given:
    """An answer that was given to a call, no probe's.

    Attributes:
        id, tenant: headers `x-request-id` and `x-tenant`, empty if they were not sent.
        model, version: that answered.
        item, answer: what was asked, and what was answered to it.
        now: when its work ended, by the pool's clock (seconds since the epoch, virtual where a clock is set).
    """

    id: str
    tenant: str
    model: str
    version: str
    item: dict[str, Any]
    answer: dict[str, Any]
    now: float


class Answers(Protocol):
    """What a pool asks its lab. Of the hooks below these two, those that are there are used:

    - `words: Collection[str]`: kinds of faults of its own, handed to `answer` as `acting`;
    - `covers(item, answer) -> (subject, answer)`: what a receipt covers, if not all of both;
    - `given(given: Given) -> None`: after each answer that was sent;
    - `pages() -> {"GET /things/{name}": handler}`: more on all public ports, as a casebook's routes;
    - `controls() -> {"POST /things": handler}`: the same on the control port;
    - `ledger() -> dict`: more keys of the ledger.
    """

    def plan(self, plan: dict[str, Any]) -> None:
        """Begin anew, by this plan: {} at the start, later what the exam posts. ValueError: it makes no sense."""

    def answer(
        self, model: str, version: str, item: dict[str, Any], now: float, acting: frozenset[str]
    ) -> dict[str, Any]:
        """The answer to an item when its work begins; `now` in seconds since the epoch, virtual where a clock is set.
        ValueError is answered with 422, `casebook.calls.Absent` with 404, neither is billed."""


class Plugin:
    """A lab's `Answers`, with what its hooks do where it has none."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.plan, self.answer = answers.plan, answers.answer
        self.words: Collection[str] = tuple(getattr(answers, "words", ()))
        self.covers: Callable[[Any, Any], tuple[Any, Any]] = getattr(
            answers, "covers", lambda item, answer: (item, answer)
        )
        self.given: Callable[[Given], None] = getattr(answers, "given", lambda given: None)

    def pages(self) -> Mapping[str, Handler]:
        """More on all public ports."""
        return self._asked("pages")

    def controls(self) -> Mapping[str, Handler]:
        """More on the control port."""
        return self._asked("controls")

    def ledger(self) -> Mapping[str, Any]:
        """More of the ledger."""
        return self._asked("ledger")

    def _asked(self, hook: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = getattr(self._answers, hook, dict)()
        return found


def load(folder: Path) -> Plugin:
    """The plug-in in a folder, which then finds its neighbours there as well.

    Raises:
        ImportError, AttributeError: there is none.
    """
    sys.path.insert(0, str(folder))
    made: Answers = importlib.import_module("answers").Answers()
    return Plugin(made)
