"""The scheduler's arm: starts and kills runs in the pipeline's container, and hears of their ends."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx

POLL_S = 0.05
SILENCE_S, PATIENCE_S = 20.0, 4.0
"""It is lost when it was silent for so long, and did not answer for so long when asked."""
MAX_BODY = 1 << 20
PLAIN = {"accept-encoding": "identity"}


class RunnerLost(Exception):
    """The runner does not answer; the message says what was asked."""


class Runner:
    """One runner, see labs/cast/runner.

    A run that was not ordered here is ended as soon as it is seen: the runner takes orders from whoever reaches it, and
    a job that ordered a run of its own would outlive the machine's crash in it.
    """

    def __init__(self, url: str) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.AsyncClient(base_url=url, timeout=5.0, limits=limits, trust_env=False, headers=PLAIN)
        self._ordered: set[str] = set()
        self._runs: dict[str, dict[str, Any]] = {}
        self._looked = asyncio.Condition()
        self._poller: asyncio.Task[None] | None = None
        self._heard = 0.0

    async def ready(self) -> bool:
        """Whether it takes orders."""
        try:
            async with self._client.stream("GET", "/healthz") as answer:
                return answer.status_code == 200
        except httpx.HTTPError:
            return False

    async def start(self, order: dict[str, Any]) -> None:
        """Start a run; one that is there already (the answer was lost) is no error."""
        self._ordered.add(order["name"])
        await self._ask("POST", "/runs", order)

    async def kill(self, name: str) -> None:
        """End a run and all that it started."""
        await self._ask("POST", f"/runs/{name}/kill", {})

    async def ended(self, name: str) -> dict[str, Any]:
        """How a run ended, once it has."""
        self._poller = self._poller or asyncio.create_task(self._poll())
        async with self._looked:
            await self._looked.wait_for(lambda: self._runs.get(name, {}).get("state") == "ended")
        return self._runs[name]

    async def _poll(self) -> None:
        while True:
            try:
                runs = {run["name"]: run for run in await self._read("/runs")}
            except (httpx.HTTPError, ValueError, TypeError, KeyError, RecursionError):
                runs = self._runs
            await self._end_strangers(runs)
            async with self._looked:
                self._runs = runs
                self._looked.notify_all()
            await asyncio.sleep(POLL_S)

    async def _end_strangers(self, runs: dict[str, dict[str, Any]]) -> None:
        """A run that nobody ordered ends, with all that it started."""
        for name in runs.keys() - self._ordered:
            if runs[name].get("state") == "running":
                print(f"run {name} was not ordered by the scheduler: ended", flush=True)
                await self.kill(name)

    async def _read(self, path: str) -> Any:
        """The runner's JSON, as it was sent: what is packed may be a thousand times as large."""
        body = b""
        async with self._client.stream("GET", path) as answer:
            self._heard = time.monotonic()
            async for part in answer.aiter_raw():
                body += part
                if len(body) > MAX_BODY:
                    raise ValueError(f"more than {MAX_BODY} bytes")
        return json.loads(body)

    async def _ask(self, method: str, path: str, body: dict[str, Any]) -> None:
        self._heard = max(self._heard, time.monotonic() + PATIENCE_S - SILENCE_S)
        while time.monotonic() - self._heard < SILENCE_S:
            try:
                async with self._client.stream(method, path, json=body):
                    self._heard = time.monotonic()
                    return
            except httpx.HTTPError:
                await asyncio.sleep(POLL_S)
        raise RunnerLost(f"{method} {path}")
