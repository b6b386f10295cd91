"""The tokenizer: a token is up to six letters or digits of a word, or one other sign, and the white space before it."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\s*+(?:\w{1,6}|[^\w\s])|\s+$")
A_MESSAGE, A_REPLY = 3, 3


def split(text: str) -> list[str]:
    """The tokens of a text; joined, they are the text again."""
    return _TOKEN.findall(text)


def count(text: str) -> int:
    """How many tokens a text has."""
    return len(split(text))


def count_messages(texts: list[str]) -> int:
    """Tokens of a prompt: of each message's text, 3 more a message, and 3 that begin the reply."""
    return sum(count(text) + A_MESSAGE for text in texts) + A_REPLY
