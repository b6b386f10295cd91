"""For a world: what another sealed part has in its ledger, asked with the deployment's token."""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

from casebook_door.rules import Rule
from casebook_door.upstream import Upstream

WITHIN_S = 10.0


async def read(base: str, path: str) -> Any:
    """What a sealed part's control port answers to a GET, as JSON.

    Args:
        base: of the control port, `http://partners:9000`.
        path: with its query, `/entries/o1`.

    Raises:
        Lost, TimeoutError, ValueError: it answers not, or not with 200 and JSON; no verdict may rest on that.
    """
    token = os.environ.get("BROWNOUT_TOKEN", "")
    rule = Rule("/", base)
    host = base.removeprefix("http://").rstrip("/").encode()
    headers = [(b"host", host), (b"authorization", f"Bearer {token}".encode())]
    async with asyncio.timeout(WITHIN_S):
        upstream = await Upstream.opened(rule.address, "GET", path, headers, b"")
        try:
            await upstream.head()
            body = b"".join([part async for part in upstream.parts()])
        finally:
            upstream.end()
    if upstream.status != 200:
        raise ValueError(f"{base}{path} answered with status {upstream.status}")
    return json.loads(body)
