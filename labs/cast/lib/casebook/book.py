"""The outcomes of one plan, by ticket: what is asked, what was told, and who waits for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from casebook.plan import Asked, asked
from casebook.strict import clean

MAX_WORD, MAX_NOTE = 40, 300


@dataclass
class Outcome:
    """A question, and its answer once that is told: `word` is the event's `answer`, `note` says why, `at` when (epoch,
    s)."""

    question: Asked
    word: str = ""
    note: str = ""
    at: float | None = None
    told: asyncio.Event = field(default_factory=asyncio.Event)


class Book:
    """All outcomes of a plan; BadPlan if it makes no sense. `order` has those that were told, the first first."""

    def __init__(self, plan: Mapping[str, Any]) -> None:
        self.outcomes = {question.ticket: Outcome(question) for question in asked(plan)}
        self.order: list[Outcome] = []
        self._open: dict[str, dict[str, list[Outcome]]] = {}
        for outcome in self.outcomes.values():
            aspects = self._open.setdefault(outcome.question.case, {})
            aspects.setdefault(outcome.question.aspect, []).append(outcome)
        self._left = {case: sum(map(len, aspects.values())) for case, aspects in self._open.items()}

    @property
    def told(self) -> int:
        """Questions with an answer."""
        return len(self.order)

    @property
    def cases(self) -> int:
        """Cases about which something is asked."""
        return len(self._open)

    @property
    def closed(self) -> int:
        """Cases of which all is told that is asked."""
        return sum(not left for left in self._left.values())

    @property
    def untold(self) -> list[Asked]:
        """Questions without an answer."""
        return [outcome.question for outcome in self.outcomes.values() if not outcome.told.is_set()]

    def tell(self, case: str, aspect: str, word: str, note: object = "") -> None:
        """Answer the next question about a case under an aspect. The note may be anything; it is cut.

        Raises:
            LookupError: the plan does not ask for it, or not so often.
        """
        left = self._open.get(case, {}).get(aspect)
        if not left:
            raise LookupError(f"the plan asks for no (further) {aspect!r} of case {case!r}")
        outcome = left.pop(0)
        outcome.word, outcome.note = clean(word, MAX_WORD), clean(note, MAX_NOTE)
        outcome.at = time.time()
        self.order.append(outcome)
        self._left[case] -= 1
        outcome.told.set()

    def tell_rest(self, case: str, word: str, note: object = "") -> None:
        """The same answer to every question about a case that has none yet."""
        for aspect, left in self._open.get(case, {}).items():
            for _ in range(len(left)):
                self.tell(case, aspect, word, note)
