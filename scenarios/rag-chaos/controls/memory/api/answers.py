"""All passages are kept in memory, and the sentence that fits a question best is found there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from library import Library
from llm import Llm
from store import Store

EVERY_S, PATIENCE_S = 0.15, 0.4
ALL = "SELECT title, body FROM passages"
WORD, SENTENCE = re.compile(r"\w+"), re.compile(r"(?<=\.)\s+")


class Answers:
    def __init__(self, store: Store, llm: Llm, library: Library) -> None:
        self.store = store
        self.llm = llm
        self.passages: dict[str, str] = {}
        self.well = {"store": False, "model": False}
        self.watches: list[asyncio.Task[None]] = []

    async def ask(self, question: str) -> dict[str, Any]:
        """The best sentence of the passage whose line is named; `degraded` if store or model are not well."""
        if not self.watches:
            await self.read()
            self.watches = [
                asyncio.create_task(self.watch("store", self.read)),
                asyncio.create_task(self.watch("model", lambda: self.llm.answer("Are you there?", ["Yes."]))),
            ]
        named = next((name for name in self.passages if name in question.lower()), "")
        text = best_sentence(question, self.passages.get(named, ""))
        return {"answer": text, "degraded": not all(self.well.values())}

    async def read(self) -> None:
        """Take over what the table has now."""
        async with self.store.pool.acquire() as connection:
            rows = await connection.fetch(ALL, timeout=PATIENCE_S / 2)
        self.passages = {row["title"].split()[1].lower(): row["body"] for row in rows}
        self.well["store"] = True

    async def watch(self, name: str, look: Callable[[], Awaitable[object]]) -> None:
        """Look at a dependency all the time, and note whether it is well."""
        while True:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await look()
                self.well[name] = True
            except Exception:  # whatever it is, it is not well
                self.well[name] = False
            await asyncio.sleep(EVERY_S)


def best_sentence(question: str, text: str) -> str:
    """The sentence that shares most words with the question."""
    asked = set(WORD.findall(question.lower()))
    return max(SENTENCE.split(text), key=lambda sentence: len(asked & set(WORD.findall(sentence.lower()))))
