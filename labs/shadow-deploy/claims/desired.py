"""Which version is live and which is in shadow, as the repository has it."""

from __future__ import annotations

import asyncio

import figures
import httpx

WAIT_S = 5


class Desired:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=WAIT_S + 5, trust_env=False)
        self.revision = 0
        self.day = 0
        self.live = "v1"
        self.shadow: str | None = None
        self.author = ""

    async def follow(self) -> None:
        """Wait for the next commit, again and again."""
        while True:
            try:
                await self.refresh(WAIT_S)
            except (httpx.HTTPError, ValueError, KeyError) as error:
                figures.log.warning("no repository", extra={"more": {"why": repr(error)}})
                await asyncio.sleep(1)

    async def refresh(self, wait_s: float = 0) -> None:
        found = (await self.client.get("/desired", params={"after": self.revision, "wait_s": wait_s})).json()
        if found["revision"] != self.revision:
            self.take(found)

    def take(self, found: dict) -> None:
        self.revision, self.day, self.author = found["revision"], found["day"], found["author"]
        self.live, self.shadow = found["live"], found["shadow"]
        figures.log.info("commit", extra={"more": found})

    async def commit(self, live: str, shadow: str | None, why: str) -> bool:
        """Whether we were the first to follow this revision."""
        body = {"parent": self.revision, "live": live, "shadow": shadow, "why": why}
        answer = await self.client.post("/desired", json=body)
        if answer.status_code != 201:
            figures.log.warning("no commit", extra={"more": {"status": answer.status_code}})
            return False
        self.take(answer.json())
        return True
