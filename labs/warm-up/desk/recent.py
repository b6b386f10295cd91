"""What became of the last minute's questions, by the first letter of the customer; and the last that went wrong."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

WINDOW_S = 60.0
KEPT, KEPT_WRONG = 10_000, 12


@dataclass(frozen=True)
class Answer:
    """One question's end: `word` is fine, nothing or error."""

    at: float
    customer: str
    question: str
    word: str
    why: str


class Recent:
    """Remembers answers. `clock` gives seconds since 1970."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._answers: deque[Answer] = deque(maxlen=KEPT)
        self.wrong: deque[Answer] = deque(maxlen=KEPT_WRONG)

    def add(self, customer: str, question: str, word: str, why: str) -> None:
        """Remember an answer; one that went wrong is a line of the log too."""
        made = Answer(self._clock(), customer, question, word, why)
        self._answers.append(made)
        if word != "fine":
            self.wrong.appendleft(made)
            print(f"{question} {customer}: {word}, {why}")

    def by_letter(self) -> dict[str, Counter[str]]:
        """How often each word came in the last minute, by letter."""
        since = self._clock() - WINDOW_S
        found: dict[str, Counter[str]] = {}
        for made in self._answers:
            if made.at >= since:
                found.setdefault(made.customer[0], Counter())[made.word] += 1
        return found
