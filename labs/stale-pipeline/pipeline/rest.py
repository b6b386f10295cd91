"""JSON over HTTP, on a connection that each thread keeps."""

from __future__ import annotations

import http.client
import json
import threading
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_S = 5


class Unanswered(Exception):
    """A request without the answer that was expected."""

    def __init__(self, method: str, path: str, status: int, body: bytes) -> None:
        super().__init__(f"{method} {path}: status {status}: {body[:200].decode('utf-8', 'replace')}")
        self.status = status


class Web:
    def __init__(self, url: str) -> None:
        self._address = urlsplit(url).netloc
        self._own = threading.local()

    def get(self, path: str) -> Any:
        return self._ask("GET", path, None)

    def post(self, path: str, payload: dict[str, Any]) -> Any:
        return self._ask("POST", path, json.dumps(payload).encode())

    def _ask(self, method: str, path: str, body: bytes | None) -> Any:
        connection = self._connection()
        try:
            connection.request(method, path, body, {"content-type": "application/json"} if body else {})
            response = connection.getresponse()
            answer = response.read()
        except (http.client.HTTPException, OSError):
            connection.close()
            raise
        if response.status >= 400:
            raise Unanswered(method, path, response.status, answer)
        return json.loads(answer)

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._own, "connection"):
            self._own.connection = http.client.HTTPConnection(self._address, timeout=TIMEOUT_S)
        return self._own.connection
