"""A world's way to ask a runner, without a casebook."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx
from candidate_runs import Run, run


class Answer:
    """As a casebook's `Reply`."""

    def __init__(self, status: int, body: bytes, error: str = "") -> None:
        self.status, self.body, self.error, self.json = status, body, error, None
        if status:
            self.json = json.loads(body)


class Asker:
    """As a casebook's `On`; `asked` has what was asked."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.asked: list[str] = []

    async def ask(self, service: str, method: str, path: str, body: Any = None, timeout_s: float = 5.0) -> Answer:
        self.asked.append(f"{method} {path.partition('?')[0]}")
        async with httpx.AsyncClient(trust_env=False, timeout=timeout_s) as client:
            try:
                got = await client.request(method, self._url + path, json=body)
            except httpx.HTTPError as error:
                return Answer(0, b"", repr(error))
        return Answer(got.status_code, got.content)


def done(url: str, name: str, limit_s: float = 10.0, **order: Any) -> Run:
    """A run, from its order to its end."""
    asker: Any = Asker(url)
    return asyncio.run(run(asker, "trainer", name, order.pop("arguments", {}), limit_s, **order))


def side_by_side(
    url: str, names: list[str], arguments: dict[str, Any], limit_s: float = 10.0
) -> tuple[list[Run], float]:
    """Runs at the same time, and how many seconds all of them took."""
    asker: Any = Asker(url)

    async def all_of_them() -> list[Run]:
        return await asyncio.gather(*(run(asker, "trainer", name, arguments, limit_s) for name in names))

    begun = time.monotonic()
    return asyncio.run(all_of_them()), time.monotonic() - begun
