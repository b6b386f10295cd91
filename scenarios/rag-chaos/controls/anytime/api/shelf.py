"""All passages of an edition, in memory, and what can be told from their letters alone.

A shelf is never changed: another edition is another shelf. Texts are compared by letter triples of their words, so that
`Kittiwakes`, `kitti-wake` and `Kitiwake` are still near `Kittiwake`; a triple counts the more the fewer sentences have
it. That is a guess, good enough to begin with and to fall back to.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+")
_END = re.compile(r"(?<=[.!?])\s+(?=[^\sa-z])")
_SIGNATURE = re.compile(r" *\[[^\[\]]*\] *$")
AROUND = 0.3  # what a triple of the title counts, to one of the sentence


class Passage(NamedTuple):
    id: str
    title: str
    body: str
    model: str


class Line(NamedTuple):
    """A sentence, ready to be compared."""

    passage: Passage
    text: str
    grams: frozenset[str]
    around: frozenset[str]


def grams(text: str) -> frozenset[str]:
    edged = [f"^{word}$" for word in _WORD.findall(text.lower())]
    return frozenset(word[at : at + 3] for word in edged for at in range(len(word) - 2))


def sentences(text: str) -> list[str]:
    return [each for each in _END.split(" ".join(text.split())) if each]


def says(passages: Iterable[Passage], text: str) -> bool:
    """Whether a passage has this sentence; a signature at its end aside."""
    bare = _SIGNATURE.sub("", text)
    return any(each in (text, bare) for passage in passages for each in sentences(passage.body))


class Shelf:
    def __init__(self, mark: str | None = None, passages: Sequence[Passage] = ()) -> None:
        self.mark = mark
        self.passages = {passage.id: passage for passage in passages}
        self.models = frozenset(passage.model for passage in passages)
        self._lines = [
            Line(passage, text, grams(text), grams(passage.title)) for passage in passages for text in sentences(passage.body)
        ]
        spread = Counter(gram for line in self._lines for gram in line.grams)
        self._weight = {gram: math.log(1 + len(self._lines) / n) for gram, n in spread.items()}
        self._size = {line: math.sqrt(sum(self._weight[gram] for gram in line.grams)) or 1.0 for line in self._lines}

    def lines(self, question: str) -> list[Line]:
        """All sentences, the likeliest answer first."""
        asked = grams(question) & self._weight.keys()

        def score(line: Line) -> float:
            own = sum(self._weight[gram] for gram in asked & line.grams)
            title = sum(self._weight[gram] for gram in asked & line.around)
            return (own + AROUND * title) / self._size[line]

        return sorted(self._lines, key=score, reverse=True)

    def guess(self, question: str, limit: int) -> list[Passage]:
        """The passages with the likeliest sentences."""
        return list(dict.fromkeys(line.passage for line in self.lines(question)))[:limit]


def likeliest(question: str, passages: Sequence[Passage]) -> str | None:
    """The sentence of these passages that answers, as far as letters tell."""
    lines = Shelf(None, passages).lines(question)
    return lines[0].text if lines else None
