"""Sentences and words of a text, as the readers of prompts and passages see them."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[^\sa-z])")
_SHORT = re.compile(r"(?:\b(?:mr|mrs|ms|dr|st|no|vs|e\.g|i\.e|approx|fig|inc)|\b[A-Za-z])\.$", re.IGNORECASE)
LONGEST_SHORT = 10
_ENDINGS = ("ings", "ing", "ies", "edly", "ed", "es", "s", "e", "y")
STOP = frozenset((
    "a", "about", "above", "after", "again", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be",
    "because", "been", "before", "being", "below", "between", "both", "but", "by", "can", "could", "did", "do",
    "does", "doing", "down", "during", "each", "else", "ever", "few", "for", "from", "further", "get", "had",
    "has", "have", "having", "he", "her", "here", "hers", "him", "his", "how", "i", "if", "in", "into", "is",
    "it", "its", "itself", "just", "many", "may", "me", "might", "more", "most", "much", "must", "my", "no",
    "nor", "not", "of", "off", "on", "once", "only", "or", "other", "our", "out", "over", "own", "please",
    "per", "same", "shall", "she", "should", "so", "some", "such", "tell", "than", "that", "the", "their",
    "them", "then", "there", "these", "they", "this", "those", "through", "to", "too", "under", "until", "up",
    "us", "very", "was", "we", "were", "what", "when", "where", "which", "while", "who", "whom", "whose",
    "why", "will", "with", "would", "you", "your", "yes", "know", "explain", "give", "want", "need", "long",
))  # fmt: skip


def sentences(text: str) -> list[str]:
    """A text's sentences, without the white space around them; abbreviations do not end one."""
    parts: list[str] = []
    for part in _END.split(" ".join(text.split())):
        if parts and _SHORT.search(parts[-1][-LONGEST_SHORT:]):
            parts[-1] = f"{parts[-1]} {part}"
        elif part:
            parts.append(part)
    return parts


def words(text: str) -> list[str]:
    """The words that carry meaning, in lower case, in order."""
    return [word for word in _WORD.findall(text.lower()) if word not in STOP]


def stem(word: str) -> str:
    """A word without its most common English endings: `refunds`, `refunded` and `refund` are the same."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def stems(text: str) -> list[str]:
    """`words`, stemmed."""
    return [stem(word) for word in words(text)]
