"""Waiting for what comes about in another process."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx

PATIENCE_S = 60.0


def eventually(holds: Callable[[], Any], within_s: float = PATIENCE_S) -> Any:
    """The first true value of `holds`, polled; an assertion error after `within_s` seconds."""
    give_up = time.monotonic() + within_s
    while not (value := holds()):
        assert time.monotonic() < give_up, f"not within {within_s:g} s"
        time.sleep(0.01)
    return value


def answers(url: str, client: httpx.Client | None = None) -> bool:
    """Whether a GET gets 200."""
    try:
        found = client.get(url) if client else httpx.get(url, trust_env=False)
    except httpx.HTTPError:
        return False
    return found.status_code == 200
