"""What can be done without vectors and without the model: find passages by words, and the sentence that answers."""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Sequence

from store import Passage

_WORD = re.compile(r"[^\W_]+")
_END = re.compile(r"(?<=[.!?])\s+(?=[^\sa-z])")
_SIGNATURE = re.compile(r"\s*\[[^\[\]]*\]\s*$")
_ENDINGS = ("ies", "es", "ed", "s", "e", "y")


def stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def stems(text: str) -> set[str]:
    return {stem(word) for word in _WORD.findall(text.lower())}


def sentences(text: str) -> list[str]:
    return [each for each in _END.split(" ".join(text.split())) if each]


def grounded(answer: str, passages: Sequence[Passage]) -> bool:
    """Whether an answer, with or without a signature, is a sentence of these passages."""
    said = {sentence for passage in passages for sentence in sentences(passage.text)}
    return answer in said or _SIGNATURE.sub("", answer) in said


def best(question: str, passages: Sequence[Passage]) -> tuple[Passage, str] | None:
    """The sentence that shares most words with the question, and its passage. A word weighs more, the fewer have it;
    one that none has is taken for the word that is spelled most like it."""
    found = [(passage, each, stems(each)) for passage in passages for each in sentences(passage.text)]
    if not found:
        return None
    spread = Counter(word for _, _, has in found for word in has)
    asked = set()
    for word in stems(question):
        if word in spread:
            asked.add(word)
        elif len(word) >= 4:
            asked.update(difflib.get_close_matches(word, spread, 1, 0.75))
    weight = {word: math.log(1 + len(found) / spread[word]) for word in asked}
    passage, sentence, _ = max(found, key=lambda each: sum(weight[word] for word in sorted(asked & each[2])))
    return passage, sentence


def widened(question: str) -> str:
    """The question for a search that knows whole words only: with the words' other forms as well."""
    more = {word[: -len(ending)] for word in _WORD.findall(question.lower()) for ending in ("s", "es")
            if word.endswith(ending) and len(word) > len(ending) + 2}  # fmt: skip
    return " ".join([question, *sorted(more)])
