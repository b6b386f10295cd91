"""How a model answers: with the sentence of its passages that best matches the question, or with one made up."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from catalog import Model
from draws import draw
from prompt import Prompt
from words import sentences, stems, words

SUPPORT = 0.5
AROUND = 0.4
NUMBER_BONUS = 0.05
CACHED_CHARACTERS = 2000
_COUNTING = ("how long", "how many", "how much", "how often", "when", "what time", "which year")
_MADE_UP = (
    "In most cases {topic} is covered by the standard terms, and nothing else has to be done.",
    "As a general rule, {topic} depends on the plan that was chosen and is settled automatically.",
    "According to the usual policy, {topic} is handled by the support team within the normal period.",
    "For {topic}, the default setting applies unless an administrator has changed it.",
    "{topic} is available to all customers under the common conditions.",
)


@dataclass(frozen=True)
class Answer:
    """A model's words, and whether they stand in the passages."""

    text: str
    grounded: bool


@dataclass(frozen=True)
class _Sentence:
    text: str
    words: frozenset[str]
    around: frozenset[str]
    numbers: bool


def answer(model: Model, prompt: Prompt, seed: int, *, ungrounded: bool = False) -> Answer:
    """The answer of one model. It depends on model, prompt and seed only.

    A question's support by a sentence is the weight of its words that stand there, over the weight of all its words.
    A careful model weighs a word by `log(1 + n / (0.5 + sentences with it))`, n being the number of sentences, and
    takes a word elsewhere in the passage for 0.4 of one in the sentence. Below a support of 0.5 it makes something up.
    """
    given = [] if ungrounded else _read(model, prompt)
    wanted = set(stems(prompt.question) if model.careful else words(prompt.question))
    weights = _weights(wanted, given) if model.careful else dict.fromkeys(wanted, 1.0)
    total = sum(weights[word] for word in sorted(weights))
    counting = model.careful and any(cue in prompt.question.lower() for cue in _COUNTING)
    best, most = None, 0.0
    for sentence in given:
        support = _support(sentence, weights) / total if total else 0.0
        bonus = NUMBER_BONUS if counting and sentence.numbers else 0.0
        if support >= SUPPORT and support + bonus > most:
            best, most = sentence, support + bonus
    return Answer(best.text, True) if best else Answer(_made_up(model, prompt, seed), False)


def _read(model: Model, prompt: Prompt) -> list[_Sentence]:
    found: list[_Sentence] = []
    for passage in prompt.passages[: model.passages]:
        found += (_passage if len(passage) <= CACHED_CHARACTERS else _passage.__wrapped__)(passage, model.careful)
    return found


@lru_cache(maxsize=512)
def _passage(text: str, careful: bool) -> tuple[_Sentence, ...]:
    """The sentences of a passage that can be answers: those that ask nothing."""
    read = stems if careful else words
    around = frozenset(read(text)) if careful else frozenset()
    return tuple(
        _Sentence(each, frozenset(read(each)), around, any(sign.isdecimal() for sign in each))
        for each in sentences(text)
        if not each.endswith("?")
    )


def _weights(wanted: set[str], given: list[_Sentence]) -> dict[str, float]:
    seen = Counter(word for sentence in given for word in wanted & sentence.words)
    return {word: math.log(1 + (len(given) + 1) / (0.5 + seen[word])) for word in wanted}


def _support(sentence: _Sentence, weights: dict[str, float]) -> float:
    return sum(
        weight if word in sentence.words else AROUND * weight
        for word, weight in sorted(weights.items())
        if word in sentence.words or word in sentence.around
    )


def _made_up(model: Model, prompt: Prompt, seed: int) -> str:
    """Plausible, and without numbers, so that it is not right by luck."""
    topic = [word for word in words(prompt.question) if not any(sign.isdecimal() for sign in word)][:4]
    pattern = _MADE_UP[int(draw("made up", seed, model.name, prompt.question) * len(_MADE_UP))]
    text = pattern.format(topic=" ".join(topic) or "this")
    return text[0].upper() + text[1:]
