"""From a question to an answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from desk import telemetry
from desk.deadline import Deadline
from desk.retrieval import Retrieval
from desk.writing import Writing


@dataclass(frozen=True)
class Answer:
    answer: str
    degraded: bool
    sources: list[str]
    found_by: str
    written_by: str

    def json(self) -> dict[str, Any]:
        return asdict(self)


class Assistant:
    def __init__(self, retrieval: Retrieval, writing: Writing, *, answer_s: float) -> None:
        self._retrieval, self._writing, self._answer_s = retrieval, writing, answer_s

    async def ask(self, question: str) -> Answer:
        """
        Raises:
            NoAnswer: there is none.
        """
        deadline = Deadline(self._answer_s)
        found = await self._retrieval.find(question, deadline)
        written = await self._writing.write(question, found, deadline)
        telemetry.grades.labels(found.by, written.by).inc()
        return Answer(
            answer=written.text,
            degraded=not (found.whole and written.whole),
            sources=[passage.title for passage in found.passages],
            found_by=found.by,
            written_by=written.by,
        )
