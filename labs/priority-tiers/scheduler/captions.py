"""One queue before the pool, and four workers, one for each of its slots."""

from __future__ import annotations

import asyncio
from typing import Any

import figures
import httpx
from limiter import Limiter

WORKERS = 4
TIMEOUT_S = 8.0
TIERS = {"premium": 120, "free": 4}


class Refused(Exception):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class Captions:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, trust_env=False)
        self.limits = {tier: Limiter(most) for tier, most in TIERS.items()}
        self.workers: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self.queue: asyncio.Queue[tuple[str, str, asyncio.Future[Any]]] = asyncio.Queue()
        self.workers = [asyncio.create_task(self.work()) for _ in range(WORKERS)]

    def stop(self) -> None:
        for worker in self.workers:
            worker.cancel()

    async def text(self, tier: str, picture: str) -> dict[str, Any]:
        """The model's answer, when it is this picture's turn."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        figures.waiting.inc()
        await self.queue.put((tier, picture, answer))
        found: dict[str, Any] = await answer
        return found

    async def work(self) -> None:
        while True:
            tier, picture, answer = await self.queue.get()
            figures.waiting.dec()
            try:
                answer.set_result(await self.ask(tier, picture))
            except Exception as error:
                answer.set_exception(error if isinstance(error, Refused) else Refused(503, repr(error)))

    async def ask(self, tier: str, picture: str) -> dict[str, Any]:
        limit = self.limits.get(tier)
        if limit and not limit.allows():
            raise Refused(429, "too many pictures")
        response = await self.client.post("/v1/score", json={"picture": picture})
        if response.status_code != 200:
            raise Refused(503, f"the pool answered {response.status_code}")
        found: dict[str, Any] = response.json()
        return found
