"""Keeps the store up to date with the archive's feed."""

import asyncio
import contextlib
import logging

import httpx

LOOK_S = 0.5

log = logging.getLogger("loader")


class Loader:
    def __init__(self, store, feed):
        self.store = store
        self.feed = httpx.AsyncClient(base_url=feed, timeout=10, trust_env=False)
        self.edition = 0

    async def get(self, path):
        response = await self.feed.get(path)
        response.raise_for_status()
        return response.json()

    async def pages(self, head):
        for page in range(1, head["pages"] + 1):
            yield (await self.get(f"/editions/{head['edition']}/{page}"))["rows"]

    async def look(self):
        """Load the newest edition, if it is another than ours."""
        head = await self.get("/head")
        if head["edition"] == self.edition:
            return
        removed = [each["id"] for each in (await self.get("/removed?since=0"))["removed"]]
        await self.store.replace(head, self.pages(head), removed)
        self.edition = head["edition"]
        log.info("edition %s is loaded: %s rows", head["edition"], head["rows"])

    async def run(self):
        while True:
            try:
                await self.look()
            except Exception as error:
                log.warning("not loaded: %r", error)
            await asyncio.sleep(LOOK_S)


@contextlib.asynccontextmanager
async def running(store, feed):
    task = asyncio.create_task(Loader(store, feed).run())
    try:
        yield
    finally:
        task.cancel()
