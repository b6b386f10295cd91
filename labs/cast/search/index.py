"""Articles and how they are ranked. All in memory: a query costs microseconds, and a replica makes it last."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

_WORD = re.compile(r"[^\W_]+")


class BadArticles(ValueError):
    """Articles that are not understood; the message names the place."""


@dataclass(frozen=True)
class Article:
    """One article, and the revision of the index in which its text last changed."""

    id: str
    title: str
    text: str
    revision: int = 0


def words(text: str) -> list[str]:
    """The words of a text in lower case, in order, with repetitions."""
    return _WORD.findall(text.lower())


def parse(raw: Any) -> list[Article]:
    """Articles from JSON: a list of objects with `id`, `title` and `text`.

    Raises:
        BadArticles: it is not that.
    """
    if not isinstance(raw, list):
        raise BadArticles("must be a list of articles")
    for n, entry in enumerate(raw):
        if not isinstance(entry, dict) or set(entry) != {"id", "title", "text"}:
            raise BadArticles(f"{n}: must have id, title and text, and nothing else")
        if not all(isinstance(value, str) and value for value in entry.values()):
            raise BadArticles(f"{n}: id, title and text must be texts that are not empty")
    return [Article(**entry) for entry in raw]


class Index:
    """The articles, searched by words."""

    def __init__(self, articles: list[Article]) -> None:
        self.revision = 0
        self._articles: dict[str, Article] = {}
        self._words: dict[str, frozenset[str]] = {}
        self._weight: dict[str, float] = {}
        self._enter(articles)

    def publish(self, articles: list[Article]) -> int:
        """Replace or add these articles; the new revision."""
        self.revision += 1
        self._enter([Article(a.id, a.title, a.text, self.revision) for a in articles])
        return self.revision

    def known(self, query: list[str]) -> frozenset[str]:
        """Those of these words that some article has."""
        return frozenset(self._weight.keys() & query)

    def find(self, wanted: frozenset[str], limit: int) -> list[dict[str, Any]]:
        """The best articles for these words, best first; those that share no word with them are left out.

        The score of an article is the sum of `log(1 + N / n)` over the words that it shares with the query: N
        articles, of which n have the word. Equal scores come in the order of their ids.
        """
        scores = {
            id: sum(self._weight[word] for word in wanted & present) for id, present in sorted(self._words.items())
        }
        best = sorted((id for id, score in scores.items() if score), key=lambda id: -scores[id])[:limit]
        return [asdict(self._articles[id]) for id in best]

    def _enter(self, articles: list[Article]) -> None:
        for article in articles:
            self._articles[article.id] = article
            self._words[article.id] = frozenset(words(f"{article.title} {article.text}"))
        spread = Counter(word for present in self._words.values() for word in present)
        self._weight = {word: math.log(1 + len(self._words) / n) for word, n in spread.items()}
