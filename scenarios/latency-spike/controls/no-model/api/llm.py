"""In place of the LLM provider: the sentence of the article that shares most words with the question."""

from __future__ import annotations

import re

import telemetry

WORD = re.compile(r"[^\W_]+")
STEM = 6


class LlmFailed(Exception):
    """There is no sentence."""


class Llm:
    def __init__(self, url: str, key: str) -> None:
        self.url, self.key = url, key

    async def answer(self, question: str, passage: str, request_id: str) -> str:
        """The sentence of the passage that answers the question."""
        with telemetry.span("sentence", request_id=request_id, question_bytes=len(question)):
            wanted = stems(question)
            sentences = [f"{sentence.rstrip('.')}." for sentence in passage.split(". ")]
            return max(sentences, key=lambda sentence: len(wanted & stems(sentence)))


def stems(text: str) -> set[str]:
    return {word[:STEM] for word in WORD.findall(text.lower())}
