"""A blog that imports its archive again and again, in practice only: it begins with the first picture, and an exam's
or a rehearsal's plan ends it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

FIRST_S, EVERY_S, LASTS_S = 10.0, 45.0, 8.0
PER_SECOND = 60
GIVEN_UP_S = 1.2


class Archive:
    """Pictures with this key, to the front at `url`. The blog's plug-in says that it is premium."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._headers = url, {"x-api-key": key, "x-tier": "premium"}
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Import from now on, every so often; nothing if it does already."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._imports())

    def end(self) -> None:
        """Leave off, with what is on its way."""
        if self._task is not None:
            self._task.cancel()

    async def _imports(self) -> None:
        import httpx  # not in exams, whose memory it would cost

        made = httpx.AsyncClient(base_url=self._url, headers=self._headers, timeout=GIVEN_UP_S, trust_env=False)
        async with made as client, asyncio.TaskGroup() as pictures:
            await asyncio.sleep(FIRST_S)
            for month in itertools.count():
                for n in range(int(PER_SECOND * LASTS_S)):
                    pictures.create_task(self._send(client, f"archive-{month}-{n}.jpg"))
                    await asyncio.sleep(1 / PER_SECOND)
                await asyncio.sleep(EVERY_S - LASTS_S)

    async def _send(self, client: httpx.AsyncClient, picture: str) -> None:
        import httpx

        with contextlib.suppress(httpx.HTTPError):
            await client.post("/v1/captions", json={"picture": picture})
