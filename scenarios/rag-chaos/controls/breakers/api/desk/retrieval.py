"""How passages are found: by the store, else by the best of the lesser ways that there is."""

from __future__ import annotations

import logging

from desk import language
from desk.breaker import Breaker
from desk.deadline import Deadline
from desk.errors import NoAnswer, Unavailable
from desk.library import Library
from desk.model import Found, Passage, Vector
from desk.provider import Provider
from desk.replica import Replica, Watch
from desk.settings import Settings
from desk.store import Store

FIRST_MODEL = "parley-embed"  # to begin with, until the table has been read
TURNS = 3  # vectors of another model, and the same once more if an edition comes in between

log = logging.getLogger("desk.retrieval")


class Retrieval:
    def __init__(
        self,
        settings: Settings,
        store: Store,
        breaker: Breaker,
        provider: Provider,
        library: Library,
        replica: Replica,
        watch: Watch,
    ) -> None:
        self._settings = settings
        self._store, self._breaker, self._provider = store, breaker, provider
        self._library, self._replica, self._watch = library, replica, watch

    async def find(self, question: str, deadline: Deadline) -> Found:
        """
        Raises:
            NoAnswer: nobody found anything.
        """
        vectors: dict[str, Vector] = {}
        try:
            vectors = await self._embed(self._replica.models or [FIRST_MODEL], question, deadline)
            found = await self._in_store(question, vectors, deadline)
            if found:
                return Found(found, "store")
        except Unavailable as error:
            log.info("%s", error)
        if self._replica.passages:
            if vectors.keys() >= set(self._replica.models):
                found, by = self._replica.nearest(vectors, self._settings.passages), "replica"
            else:
                found, by = self._replica.by_words(question, self._settings.passages), "words"
            if found:
                return Found(await self._up_to_date(found, deadline), by)
        try:
            found = await self._library.search(
                language.with_forms(question), self._settings.passages, deadline.left(self._settings.library_s)
            )
        except Unavailable as error:
            raise NoAnswer from error
        if not found:
            raise NoAnswer
        return Found(found, "library")

    async def _embed(self, models: list[str], question: str, deadline: Deadline) -> dict[str, Vector]:
        return await self._provider.embed(models, question, deadline.left(self._settings.embed_s))

    async def _in_store(
        self, question: str, vectors: dict[str, Vector], deadline: Deadline
    ) -> tuple[Passage, ...]:
        """The store's nearest, by vectors of all the models that its rows have; `vectors` gets those that it lacks."""
        for _ in range(TURNS):
            with self._breaker.guarded():
                nearest = await self._store.nearest(
                    vectors, self._settings.passages, deadline.left(self._settings.search_s)
                )
            missing = nearest.models - vectors.keys()
            if not missing:
                return nearest.passages
            self._watch.hurry()
            vectors.update(await self._embed(sorted(missing), question, deadline))
        return ()

    async def _up_to_date(self, found: tuple[Passage, ...], deadline: Deadline) -> tuple[Passage, ...]:
        """The same passages, with the library's text where it is newer than ours: an edition that came while the store
        was away."""
        if self._breaker.closed or not self._replica.knows_the_library:
            return found
        try:
            theirs = await self._library.search(found[0].title, 10, deadline.left(self._settings.opinion_s))
        except Unavailable:
            return found
        newer = {each.id: each.body for each in theirs if self._replica.is_new(each)}
        return tuple(each.saying(newer[each.id]) if each.id in newer else each for each in found)
