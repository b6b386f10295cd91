"""JSON over HTTP, many requests under way at a time."""

from __future__ import annotations

import json
from typing import Any

import httpx

AT_A_TIME = 8
WAIT = httpx.Timeout(1.5, connect=1.0, pool=6.0)


class Said(Exception):
    """An answer that settles the question, though not as one would like: a 4xx, or a 503."""

    def __init__(self, what: str, status: int, body: str) -> None:
        super().__init__(f"{what}: status {status} {body[:200]}".strip())
        self.status = status


class Silence(Exception):
    """No answer, or one that settles nothing. Nobody knows whether what was asked for was done."""


def connect(url: str) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=AT_A_TIME, max_keepalive_connections=AT_A_TIME)
    return httpx.AsyncClient(base_url=url, timeout=WAIT, limits=limits, trust_env=False, verify=False)


async def ask(client: httpx.AsyncClient, method: str, path: str, payload: Any = None) -> Any:
    """One request, never repeated here: whoever asks looks again first."""
    what = f"{method} {path}"
    body = None if payload is None else json.dumps(payload, allow_nan=False).encode()
    headers = {"content-type": "application/json"} if body else None
    try:
        answer = await client.request(method, path, content=body, headers=headers)
    except httpx.HTTPError as error:
        raise Silence(f"{what}: {error!r}") from error
    if 400 <= answer.status_code < 500 or (answer.status_code == 503 and method == "GET"):
        raise Said(what, answer.status_code, answer.text)
    if answer.status_code >= 500:
        raise Silence(f"{what}: status {answer.status_code}")
    if method != "GET":
        return None
    try:
        return json.loads(answer.content)
    except ValueError as error:
        raise Silence(f"{what}: {error}") from error
