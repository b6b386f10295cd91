"""From a question to an answer: what is known of this edition, else the best article and the model."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import telemetry
from cache import EditionCache
from config import Settings
from deadline import Deadline
from editions import Edition, Editions
from errors import NoAnswer
from hot import Hot
from llm import Llm
from questions import Question
from search import Search
from singleflight import Flights

WARM_AT_ONCE = 2

Answer = dict[str, Any]


class Answers:
    """The service. `start` before the first question, `stop` after the last."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = httpx.AsyncClient(
            trust_env=False, limits=httpx.Limits(max_connections=100, max_keepalive_connections=40)
        )
        self._editions = Editions(self._client, settings.replicas, settings.look_every_s, settings.lease_s)
        self._search = Search(self._client, self._editions, settings)
        self._llm = Llm(settings)
        self._answers: EditionCache[Answer] = EditionCache(settings.keep_s, settings.keep_entries)
        self._said: EditionCache[str] = EditionCache(settings.keep_s, settings.keep_entries)
        self._flights = Flights()
        self._hot = Hot()
        self._tasks: set[asyncio.Task[None]] = set()
        self._editions.on_change(self._turn_to)

    async def start(self) -> None:
        try:
            async with asyncio.timeout(1.0):  # so as to begin warm; but search may still be starting
                await self._editions.look()
        except Exception as error:
            telemetry.log.warning("begins without knowing the edition", extra={"reason": repr(error)})
        self._background(self._editions.watch())
        self._background(self._search.look_after_the_ill())

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()
        await self._llm.aclose()

    async def ask(self, question: Question) -> Answer:
        """The answer.

        Raises:
            NoAnswer: there is none.
        """
        key = question.key()
        edition = self._editions.current()
        self._hot.note(key, question)
        with telemetry.span("cache.get") as span:
            known = self._answers.get(edition, key)
            span.set_attribute("cache.hit", known is not None)
            telemetry.cache_lookups.labels("miss" if known is None else "hit").inc()
        if known is not None:
            return known
        return await self._find_once(question, key, edition)

    async def _find_once(self, question: Question, key: str, edition: Edition | None) -> Answer:
        generation = edition.generation if edition else None
        return await self._flights.join(("answer", generation, key), lambda: self._find(question, key))

    async def _find(self, question: Question, key: str) -> Answer:
        deadline = Deadline.after(self._settings.work_on_for_s)
        words = question.words(self._settings.query_words)
        # with half the time a search that hangs is given up; the model gets what is left
        found = await self._search.best(
            words, question.request_id, Deadline.after(self._settings.work_on_for_s / 2)
        )
        said = (found.id, found.text, question.text)
        text = self._said.get(found.edition, said)
        if text is None:
            generation = found.edition.generation if found.edition else None
            text = await self._flights.join(
                ("said", generation, said),
                lambda: self._llm.answer(question.text, found.text, question.request_id, deadline),
            )
            self._said.put(found.edition, said, text)
        answer = {"answer": text, "source": found.id}
        self._answers.put(found.edition, key, answer)
        return answer

    def _turn_to(self, edition: Edition) -> None:
        """There is a new edition: forget the old one, and find anew what is asked all the time."""
        self._answers.turn_to(edition)
        self._said.turn_to(edition)
        telemetry.log.info("new edition", extra={"revision": edition.revision})
        questions = self._hot.top(self._settings.warm_most)
        if questions:
            self._background(self._warm(edition, questions))

    async def _warm(self, edition: Edition, questions: list[Question]) -> None:
        gate = asyncio.Semaphore(WARM_AT_ONCE)

        async def one(question: Question) -> None:
            key = question.key()
            async with gate:
                if self._editions.current() != edition or self._answers.get(edition, key) is not None:
                    return
                try:
                    await self._find_once(replace(question, request_id=""), key, edition)
                except NoAnswer as error:
                    telemetry.log.info("not warmed", extra={"reason": str(error)})

        await asyncio.gather(*(one(question) for question in questions))

    def _background(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
