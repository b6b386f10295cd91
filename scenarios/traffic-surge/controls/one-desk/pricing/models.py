"""The models: calls with a time limit, and whether the large one answers at all."""

from __future__ import annotations

from typing import Any

import figures
import httpx
from cache import Trip

TIMEOUT_S = {"large": 0.27, "small": 0.25}
LARGE_S = 0.14  # one call of the large model
FAILURES = 3  # in a row, and the large model counts as stopped


class Failed(Exception):
    """The model gave no price."""


class Refused(Exception):
    """The model answers that there is no such trip."""


class Models:
    def __init__(self, urls: dict[str, str]) -> None:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=32)
        self.clients = {
            name: httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S[name], trust_env=False, limits=limits)
            for name, url in urls.items()
        }
        self.failures = 0

    @property
    def stopped(self) -> bool:
        """The large model answers nobody."""
        return self.failures >= FAILURES

    async def ask(self, name: str, trip: Trip) -> dict[str, Any]:
        """A model's answer. There is no second try: the small model and the tariff are the second try."""
        try:
            found = await self.post(name, trip)
        except (httpx.HTTPError, ValueError) as error:
            self.note(name, False)
            raise Failed(f"{name}: {error!r}") from None
        self.note(name, True)
        return found

    async def post(self, name: str, trip: Trip) -> dict[str, Any]:
        response = await self.clients[name].post("/v1/score", json={"route": trip[0], "seats": trip[1]})
        if response.status_code in (400, 404, 422):
            raise Refused(f"{name}: {response.status_code}")
        response.raise_for_status()
        found: dict[str, Any] = response.json()
        return found

    def note(self, name: str, good: bool) -> None:
        if name != "large":
            return
        before = self.stopped
        self.failures = 0 if good else self.failures + 1
        if self.stopped != before:
            figures.stopped.set(self.stopped)
            figures.log.warning("stopped" if self.stopped else "answers again", extra={"model": name})
