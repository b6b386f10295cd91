"""Tables come from the warehouse as JSON, over a connection that each thread keeps."""

from __future__ import annotations

import http.client
import json
import threading
import time
from typing import Any
from urllib.parse import urlsplit

PATIENCE_S = 3.2  # a verdict is due within 4 s
ATTEMPT_S = 2.5


class Unavailable(Exception):
    """The warehouse did not hand a table over in time."""


class Warehouse:
    def __init__(self, url: str) -> None:
        self._address = urlsplit(url).netloc
        self._own = threading.local()

    def get(self, path: str) -> Any:
        """The table at `path`. Tries again, since the warehouse may be starting or a kept connection be stale."""
        end = time.monotonic() + PATIENCE_S
        pause = 0.0
        while True:
            reason: object
            try:
                connection = self._connection(min(ATTEMPT_S, max(0.1, end - time.monotonic())))
                connection.request("GET", path)
                response = connection.getresponse()
                body = response.read()
                if response.status == 200:
                    return json.loads(body)
                if response.status < 500:
                    raise Unavailable(f"{path}: status {response.status}")
                reason = f"status {response.status}"
            except (http.client.HTTPException, OSError, ValueError) as error:
                reason = repr(error)
                self._drop()
            if time.monotonic() + pause >= end:
                raise Unavailable(f"{path}: {reason}")
            time.sleep(pause)
            pause = min(0.4, pause * 2 or 0.05)

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = http.client.HTTPConnection(self._address)
        connection.timeout = timeout
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
        return connection

    def _drop(self) -> None:
        connection = getattr(self._own, "connection", None)
        if connection is not None:
            connection.close()
            self._own.connection = None
