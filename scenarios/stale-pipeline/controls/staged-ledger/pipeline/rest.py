"""JSON over HTTP with a pool of connections, bounded waits, and retries where they do no harm."""

from __future__ import annotations

import json
from typing import Any

import urllib3
from settings import SETTINGS


class Refused(Exception):
    """An answer, and not the one that was hoped for."""

    def __init__(self, method: str, path: str, status: int, body: bytes) -> None:
        super().__init__(f"{method} {path}: {status} {body[:200].decode('utf-8', 'replace')}")
        self.status = status


class Uncertain(Exception):
    """There was no answer: what was asked for may have been done or not."""


class Web:
    """404, 422 and 503 say something and are not asked again. A POST is never repeated blindly."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._pool = urllib3.PoolManager(
            maxsize=SETTINGS.threads + 1,
            block=False,
            timeout=urllib3.Timeout(connect=SETTINGS.connect_s, read=SETTINGS.read_s),
        )
        self._patient = urllib3.Retry(
            total=SETTINGS.retries,
            read=1,
            backoff_factor=0.1,
            status_forcelist=(500, 502, 504),
            allowed_methods=("GET",),
            raise_on_status=False,
            redirect=False,
        )

    def get(self, path: str) -> Any:
        return self._ask("GET", path, None, self._patient)

    def post(self, path: str, payload: dict[str, Any]) -> None:
        self._ask("POST", path, json.dumps(payload, allow_nan=False).encode(), urllib3.Retry(total=False))

    def _ask(self, method: str, path: str, body: bytes | None, retry: urllib3.Retry) -> Any:
        headers = {"content-type": "application/json"} if body else {}
        try:
            answer = self._pool.request(method, self._base + path, body=body, headers=headers, retries=retry)
        except urllib3.exceptions.HTTPError as error:
            raise Uncertain(f"{method} {path}: {error!r}") from error
        if answer.status >= 400:
            kind = Uncertain(f"{method} {path}: {answer.status}") if body and answer.status >= 500 else None
            raise kind or Refused(method, path, answer.status, answer.data)
        return json.loads(answer.data) if method == "GET" else None


def alive(url: str) -> bool:
    """Whether a service answers at once."""
    try:
        return urllib3.request("GET", url, timeout=0.5, retries=False).status < 300
    except (urllib3.exceptions.HTTPError, ValueError):
        return False
