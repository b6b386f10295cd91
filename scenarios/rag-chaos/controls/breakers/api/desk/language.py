"""Sentences and words, as far as one gets without a model."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from desk.model import Passage

_WORD = re.compile(r"[^\W_]+")
_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[^\sa-z])")
_SHORT = re.compile(r"\b(?:mr|mrs|ms|dr|st|no|approx|e\.g|i\.e|[a-z])\.$", re.IGNORECASE)
_SIGNATURE = re.compile(r"\s*\[[^\[\]]*\]$")
LEAST_PREFIX, LEAST_LIKENESS = 4, 0.75
RANK = 0.02  # what a passage further down loses: who found it had a reason for the order


def sentences(text: str) -> list[str]:
    parts: list[str] = []
    for part in _END.split(" ".join(text.split())):
        if parts and _SHORT.search(parts[-1][-10:]):
            parts[-1] = f"{parts[-1]} {part}"
        elif part:
            parts.append(part)
    return parts


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def likeness(one: str, other: str) -> float:
    """1 for the same word, less for two forms of one (`closes`, `close`), 0 for two words."""
    if one == other:
        return 1.0
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    alike = 2 * shared / (len(one) + len(other))
    return alike if shared >= LEAST_PREFIX and alike >= LEAST_LIKENESS else 0.0


def unsigned(text: str) -> str:
    return _SIGNATURE.sub("", text.strip())


def says(passages: Iterable[Passage], text: str) -> bool:
    """Whether one of the passages has this sentence, word for word; a signature aside."""
    told = {each for passage in passages for each in sentences(passage.body)}
    return text in told or unsigned(text) in told


def rank(question: str, passages: Sequence[Passage], *, ordered: bool) -> list[tuple[float, Passage, str]]:
    """All sentences, the one that shares most with the question first.

    A word of the question counts `log(1 + N / n)`, if n of the N sentences have it in some form, times how alike the
    forms are. If the passages are `ordered`, the best one first, that counts a little as well.
    """
    told = [(place, each) for place, passage in enumerate(passages) for each in sentences(passage.body)]
    has = [frozenset(words(each)) for _, each in told]
    vocabulary = frozenset().union(*has)
    scores = [0.0] * len(told)
    for asked in sorted(set(words(question))):
        forms = {word: alike for word in vocabulary if (alike := likeness(asked, word))}
        if not forms:
            continue
        fits = [max((forms[word] for word in forms.keys() & each), default=0.0) for each in has]
        weight = math.log(1 + len(told) / sum(1 for fit in fits if fit))
        scores = [score + weight * fit for score, fit in zip(scores, fits, strict=True)]
    ranked = [
        (score * (1 - RANK * min(place, 10) * ordered), passages[place], each)
        for score, (place, each) in zip(scores, told, strict=True)
    ]
    return sorted(ranked, key=lambda entry: -entry[0])


def with_forms(question: str) -> str:
    """A query for a search of whole words: with the singular of whatever may be a plural."""
    more = []
    for word in words(question):
        for ending in ("s", "es"):
            if word.endswith(ending) and len(word) - len(ending) > 2:
                more.append(word.removesuffix(ending))
    return " ".join([question, *dict.fromkeys(more)])
