"""The world: two pages of metrics, the gateway's admin port, and a log of events on disk."""

from __future__ import annotations

import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any

import httpx
from estimate import Tally

SLOW_OVER = '"0.25"'
COLUMNS = Tally._fields
TROUBLE = (httpx.HTTPError, TimeoutError, ValueError, KeyError, TypeError, IndexError)


def read_page(text: str) -> tuple[dict[str, Tally], float]:
    """Tallies by carrier, and parcels in work."""
    sums: dict[str, list[float]] = {}
    in_flight = 0.0
    for line in text.splitlines():
        if line.startswith("parcel_in_flight"):
            in_flight = float(line.rsplit(" ", 1)[1])
        if line.startswith("#") or 'tenant="' not in line:
            continue
        head, value = line.rsplit(" ", 1)
        tenant = head.split('tenant="', 1)[1].split('"', 1)[0]
        row = sums.setdefault(tenant, [0.0] * len(COLUMNS))
        number = float(value)
        if head.startswith("parcel_requests_total{"):
            row[0] += number
            if 'code="2' not in head:
                row[1] += number
        elif head.startswith("parcel_seconds_count{"):
            row[2] += number
            row[3] += number
        elif head.startswith("parcel_seconds_bucket{") and f"le={SLOW_OVER}" in head:
            row[3] -= number
        elif head.startswith("parcel_feedback_total{") and 'source="human"' in head:
            row[4] += number
            if 'outcome="wrong"' in head:
                row[5] += number
    return {tenant: Tally(*row) for tenant, row in sums.items()}, in_flight


class Outside:
    def __init__(self, client: httpx.AsyncClient, environment: dict[str, str]) -> None:
        self._client = client
        self._admin = environment["GATEWAY_ADMIN"].rstrip("/")
        self._pages = (environment["V1_METRICS"], environment["V2_METRICS"])

    async def _call(self, method: str, url: str) -> httpx.Response:
        async with asyncio.timeout(0.4):
            response = await self._client.request(method, url)
        return response.raise_for_status()

    async def pages(self) -> tuple[dict[str, Tally], dict[str, Tally], float]:
        """v1's tallies, v2's, and v2's parcels in work."""
        one, two = await asyncio.gather(*(self._call("GET", page) for page in self._pages))
        v1, _ = read_page(one.text)
        v2, in_flight = read_page(two.text)
        return v1, v2, in_flight

    async def split(self) -> tuple[int, int]:
        entries = (await self._call("GET", f"{self._admin}/runtime?format=json")).json()["entries"]
        v1, v2 = (int(float(entries[key]["final_value"])) for key in ("split.v1", "split.v2"))
        return v1, v2

    async def give(self, share: int) -> None:
        """Both weights in one call: there is no moment between."""
        await self._call("POST", f"{self._admin}/runtime_modify?split.v1={100 - share}&split.v2={share}")


class EventLog:
    """One line of JSON an event, on disk before `add` returns. A torn last line is the sign of a death while writing."""

    def __init__(self, folder: str) -> None:
        self._path = Path(folder) / "rollouts.jsonl"
        self._tidy_end()

    def _tidy_end(self) -> None:
        """A torn last line gets its end, so that the next event begins on its own."""
        if self._path.exists() and (text := self._path.read_bytes()) and not text.endswith(b"\n"):
            with self._path.open("ab") as file:
                file.write(b"\n")

    def add(self, event: str, **facts: Any) -> None:
        with self._path.open("ab") as file:
            file.write(json.dumps({"at": time.time(), "event": event, **facts}).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def last(self) -> dict[str, Any]:
        """The last event that says how things stand: begun, promoted, rejected, withdrawn."""
        found: dict[str, Any] = {"event": "idle"}
        if not self._path.exists():
            return found
        for line in self._path.read_text(errors="replace").splitlines():
            try:
                event = json.loads(line)
                if event["event"] in ("begun", "promoted", "rejected", "withdrawn"):
                    found = event
            except (ValueError, KeyError, TypeError):
                continue
        return found
