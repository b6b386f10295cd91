"""How an answer is written: by the model, else a kept answer of its own, else the sentence that fits best."""

from __future__ import annotations

import logging
from collections import OrderedDict

from desk import language
from desk.breaker import Breaker
from desk.deadline import Deadline
from desk.errors import NoAnswer, Unavailable
from desk.model import Found, Written
from desk.provider import Provider

log = logging.getLogger("desk.writing")


class Kept:
    """Answers of the model. They are for when it fails, and count only while the passages still say so."""

    def __init__(self, most: int) -> None:
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._most = most

    def put(self, question: str, text: str) -> None:
        self._texts[question] = text
        self._texts.move_to_end(question)
        while len(self._texts) > self._most:
            self._texts.popitem(last=False)

    def get(self, question: str, found: Found) -> str | None:
        text = self._texts.get(question)
        return text if text is not None and language.says(found.passages, text) else None


class Writing:
    def __init__(self, provider: Provider, breaker: Breaker, kept: Kept, *, write_s: float) -> None:
        self._provider, self._breaker, self._kept, self._write_s = provider, breaker, kept, write_s

    async def write(self, question: str, found: Found, deadline: Deadline) -> Written:
        """
        Raises:
            NoAnswer: the passages are empty.
        """
        try:
            with self._breaker.guarded():
                text = await self._provider.answer(question, found.passages, deadline.left(self._write_s))
                if not language.says(found.passages, text):
                    raise Unavailable("model", "it made something up")
        except Unavailable as error:
            log.info("%s", error)
        else:
            if found.whole:
                self._kept.put(question, text)
            return Written(text, "model")
        kept = self._kept.get(question, found)
        if kept is not None:
            return Written(kept, "kept")
        ranked = language.rank(question, found.passages, ordered=True)
        if not ranked:
            raise NoAnswer
        return Written(ranked[0][2], "extract")
