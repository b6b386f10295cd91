"""A question as it came, what its answer depends on, and what is searched for."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    thread: str
    request_id: str = ""

    @classmethod
    def parse(cls, body: bytes, request_id: str) -> Question:
        """ValueError says what is wrong."""
        try:
            raw = json.loads(body)
            text, thread = raw["question"], raw.get("thread", "")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ValueError('expected {"question": text, "thread": text}') from None
        if not isinstance(text, str) or not isinstance(thread, str) or not text.strip():
            raise ValueError("question and thread must be texts")
        return cls(text, thread, request_id)

    def key(self) -> str:
        """The same for questions that have the same answer: neither tenant nor request id changes it.

        Upper case, spaces and the like do not either, but a wrong answer is worse than a second call.
        """
        return hashlib.sha256(json.dumps([self.text.strip(), self.thread.strip()]).encode()).hexdigest()

    def words(self, most: int) -> list[str]:
        """Every word once, those of the question first.

        Search takes longer with each word and each repetition, and ranks only by which words there are. If a thread
        has more different words than `most`, those that it repeats go first: greetings and footers stand in each mail.
        """
        kept = dict.fromkeys(_WORD.findall(self.text))
        often = Counter(word for word in _WORD.findall(self.thread) if word not in kept)
        kept.update(dict.fromkeys(sorted(often, key=often.__getitem__)))
        return list(kept)[:most]
