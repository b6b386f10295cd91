"""Passages, and how they are ranked by words. All in memory."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

_WORD = re.compile(r"[^\W_]+")
MOST_PASSAGES = 1000


class BadPassages(ValueError):
    """Passages that are not understood; the message names the place."""


@dataclass(frozen=True)
class Passage:
    """A passage, its texts as published."""

    id: str
    title: str
    text: str


def parse(raw: Any) -> list[Passage]:
    """Passages from JSON: a list of objects with `id`, `title` and `text`, ids all different.

    Raises:
        BadPassages: it is not that.
    """
    if not isinstance(raw, list) or not 0 < len(raw) <= MOST_PASSAGES:
        raise BadPassages(f"must be a list of 1 to {MOST_PASSAGES} passages")
    for n, entry in enumerate(raw):
        if not isinstance(entry, dict) or set(entry) != {"id", "title", "text"}:
            raise BadPassages(f"{n}: must have id, title and text, and nothing else")
        if not all(isinstance(value, str) and value for value in entry.values()):
            raise BadPassages(f"{n}: id, title and text must be texts that are not empty")
    if len({entry["id"] for entry in raw}) < len(raw):
        raise BadPassages("an id is used twice")
    return [Passage(**entry) for entry in raw]


def words(text: str) -> list[str]:
    """The words of a text in lower case, in order, with repetitions."""
    return _WORD.findall(text.lower())


class Words:
    """Passages, searched by words."""

    def __init__(self, passages: list[Passage]) -> None:
        self._passages = {passage.id: passage for passage in passages}
        self._words = {p.id: frozenset(words(f"{p.title} {p.text}")) for p in passages}
        spread = Counter(word for present in self._words.values() for word in present)
        self._weight = {word: math.log(1 + len(passages) / n) for word, n in spread.items()}

    def find(self, query: str, limit: int) -> list[dict[str, str]]:
        """The best passages, best first; those that share no word with the query are left out.

        The score of a passage is the sum of `log(1 + N / n)` over the words that it shares with the query: N passages,
        of which n have the word. Equal scores come in the order of their ids.
        """
        wanted = self._weight.keys() & words(query)
        scores = {id: sum(self._weight[word] for word in wanted & has) for id, has in sorted(self._words.items())}
        best = sorted((id for id, score in scores.items() if score), key=lambda id: -scores[id])[:limit]
        return [asdict(self._passages[id]) for id in best]
