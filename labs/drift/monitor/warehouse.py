"""Tables come from the warehouse as JSON, over a connection that each thread keeps."""

from __future__ import annotations

import http.client
import json
import threading
from typing import Any
from urllib.parse import urlsplit


class Warehouse:
    def __init__(self, url: str) -> None:
        self._address = urlsplit(url).netloc
        self._own = threading.local()

    def get(self, path: str) -> Any:
        for attempt in (1, 2):
            connection = self._connection(fresh=attempt == 2)
            try:
                connection.request("GET", path)
                response = connection.getresponse()
                body = response.read()
            except (http.client.HTTPException, OSError):
                if attempt == 2:
                    raise
                continue
            if response.status != 200:
                raise LookupError(f"{path}: status {response.status}")
            return json.loads(body)

    def _connection(self, fresh: bool) -> http.client.HTTPConnection:
        if fresh or not hasattr(self._own, "connection"):
            self._own.connection = http.client.HTTPConnection(self._address, timeout=3)
        return self._own.connection
