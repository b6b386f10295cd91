"""A day's trade: which words speak of which topic, and what people ask. All is drawn from a seed."""

from __future__ import annotations

import random

from common.names import generator
from reading import bucket_of, words_of
from words import MATTERS, NOUNS, SMALL_TALK

TOPICS = ("light", "mid", "hard", "moved")  # `moved`: of the questions that an offered policy sends elsewhere
WORDS = 10  # of each topic
TALK = (0, 1, 1, 2, 2)  # sentences before the matter
MATTER = 3  # sentences of it
LOUD = 0.6  # of its nouns


class Trade:
    """The words of each topic. No two of them, and no other word of a text, share a bucket."""

    def __init__(self, seed: int | str) -> None:
        taken = {bucket_of(word) for text in (*MATTERS, *SMALL_TALK) for word in words_of(text)}
        nouns = list(dict.fromkeys(NOUNS.split()))
        generator(seed, "words").shuffle(nouns)
        found: list[str] = []
        for noun in nouns:
            if bucket_of(noun) not in taken:
                taken.add(bucket_of(noun))
                found.append(noun)
        self.words = {topic: tuple(found[n * WORDS : (n + 1) * WORDS]) for n, topic in enumerate(TOPICS)}
        self._topics = {word: topic for topic, words in self.words.items() for word in words}

    def text(self, topic: str, rng: random.Random) -> str:
        """A question: small talk first, as people do, then the matter."""
        talk = rng.sample(SMALL_TALK, rng.choice(TALK))
        return " ".join([*talk, *(self._sentence(topic, matter, rng) for matter in rng.sample(MATTERS, MATTER))])

    def topic_of(self, text: str) -> str | None:
        """Which topic most of its words speak of; None if none does."""
        found = [self._topics[word] for word in words_of(text) if word in self._topics]
        return max(TOPICS, key=found.count) if found else None

    def _sentence(self, topic: str, matter: str, rng: random.Random) -> str:
        first, second = (_said(word, rng) for word in rng.sample(self.words[topic], 2))
        text = matter.format(a=first, b=second)
        return text[0].upper() + text[1:] + rng.choice((".", "?", "."))


def _said(word: str, rng: random.Random) -> str:
    """As it is, or as those write it who are cross."""
    return rng.choice((word.upper(), word.capitalize())) if rng.random() < LOUD else word
