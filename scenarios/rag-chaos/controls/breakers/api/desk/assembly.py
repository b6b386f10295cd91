"""How the parts are put together, started and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from starlette.applications import Starlette

from desk.assistant import Assistant
from desk.breaker import Breaker
from desk.library import Library
from desk.provider import Provider
from desk.replica import Replica, Watch
from desk.retrieval import Retrieval
from desk.settings import Settings
from desk.store import Store
from desk.web import application
from desk.writing import Kept, Writing

RESTART_S = 0.2

log = logging.getLogger("desk")


async def forever(name: str, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """A task of the background does not end by a mistake of ours."""
    while True:
        try:
            await run()
        except Exception:
            log.exception("%s stopped and is started again", name)
        await asyncio.sleep(RESTART_S)


def assemble(settings: Settings) -> Starlette:
    store = Store(settings.store, connections=settings.store_connections, idle=settings.store_idle)
    library = Library(settings.library)
    provider = Provider(
        settings.llm, settings.llm_key, vectors=settings.vectors, at_once=settings.model_at_once
    )
    store_breaker = Breaker(
        "store", failures=settings.store_failures, successes=settings.store_successes, on_open=store.drop
    )
    model_breaker = Breaker(
        "model",
        failures=settings.model_failures,
        successes=settings.model_successes,
        retry_s=settings.model_retry_s,
    )
    replica = Replica()
    watch = Watch(
        store, library, replica, store_breaker, every_s=settings.beat_every_s, within_s=settings.beat_s
    )
    retrieval = Retrieval(settings, store, store_breaker, provider, library, replica, watch)
    writing = Writing(provider, model_breaker, Kept(settings.kept_answers), write_s=settings.write_s)
    assistant = Assistant(retrieval, writing, answer_s=settings.answer_s)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(forever("the watch", watch.run)),
            asyncio.create_task(forever("the survey", watch.survey)),
        ]
        with contextlib.suppress(TimeoutError):  # the store may be away: we begin all the same
            await asyncio.wait_for(watch.begun.wait(), settings.start_s)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            store.drop()
            await asyncio.gather(provider.close(), library.close(), return_exceptions=True)

    def health() -> dict[str, Any]:
        return {
            "store": "well" if store_breaker.closed else "failing",
            "model": "well" if model_breaker.closed else "failing",
            "edition": max((passage.edition for passage in replica.passages), default=None),
        }

    return application(assistant, health, lifespan)
