"""JSON over HTTP, on a connection that each thread keeps."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_S = 2.0
ATTEMPTS = 3
PAUSE_S = 0.1


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
        """Asked again if the connection breaks or the server stumbles. 4xx and 503 are answers, and final."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._ask("GET", path, None)
            except Unanswered as error:
                if error.status < 500 or error.status == 503 or attempt == ATTEMPTS:
                    raise
            except (http.client.HTTPException, OSError):
                if attempt == ATTEMPTS:
                    raise
            time.sleep(PAUSE_S * attempt)
        raise AssertionError

    def post(self, path: str, payload: dict[str, Any], done: Callable[[], bool]) -> None:
        """Said once: if no answer comes, `done` looks whether it was heard before it is said again."""
        body = json.dumps(payload, allow_nan=False).encode()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._ask("POST", path, body)
                return
            except Unanswered as error:
                if error.status < 500 or attempt == ATTEMPTS:
                    raise
            except (http.client.HTTPException, OSError):
                if attempt == ATTEMPTS:
                    raise
            time.sleep(PAUSE_S * attempt)
            if done():
                return

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
        return json.loads(answer) if answer or method == "GET" else None

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._own, "connection"):
            self._own.connection = http.client.HTTPConnection(self._address, timeout=TIMEOUT_S)
        return self._own.connection
