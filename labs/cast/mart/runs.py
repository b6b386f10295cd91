"""Asks the pipeline's runner for a run, and waits for its end."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from typing import Any

import httpx

POLL_S = 0.04
ASK_S = 3.0
MAX_BODY = 1 << 16
PLAIN = {"accept-encoding": "identity"}


class Runner:
    """The runner (`labs/cast/runner`) at a URL. A run may take `limit_s` seconds."""

    def __init__(self, url: str, limit_s: float) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=ASK_S, trust_env=False, headers=PLAIN)
        self._limit_s = limit_s
        self._numbers = itertools.count(1)

    async def run(self, today: str) -> str:
        """Run the pipeline for a date: the state in which it ended, or why it did not. Never raises."""
        name = f"{today}.{next(self._numbers)}"
        try:
            if await self._ask("POST", "/runs", {"name": name, "arguments": {"today": today}}) is None:
                return "not started"
            return await self._ended(name)
        except httpx.HTTPError as error:
            return f"lost: {type(error).__name__}"

    async def healthy(self) -> bool:
        """Whether it takes runs."""
        try:
            return await self._ask("GET", "/healthz") is not None
        except httpx.HTTPError:
            return False

    async def _ended(self, name: str) -> str:
        give_up = time.monotonic() + self._limit_s
        while time.monotonic() < give_up:
            await asyncio.sleep(POLL_S)
            found = await self._ask("GET", f"/runs/{name}")
            if found is None or found.get("state") != "running":
                return _how(found or {})
        await self._ask("POST", f"/runs/{name}/kill", {})
        return f"killed after {self._limit_s:g} s"

    async def _ask(self, method: str, path: str, payload: Any = None) -> dict[str, Any] | None:
        """The runner's answer; None if it is no object, too large, or an error."""
        async with self._client.stream(method, path, json=payload) as answer:
            body = b""
            async for part in answer.aiter_raw():  # unpacked it may be a thousand times as large
                body += part
                if len(body) > MAX_BODY:
                    return None
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            return None
        return found if answer.is_success and isinstance(found, dict) else None


def _how(run: dict[str, Any]) -> str:
    if run.get("signal") is not None:
        return f"ended by signal {run['signal']}"
    return "completed" if run.get("code") == 0 else f"failed ({run.get('code')})"
