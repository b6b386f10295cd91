"""The platform's API, as one run of the job sees it, with nothing between it and the socket.

A connection for each call: one that is kept may turn out to be dead when a request is on it, and then nobody knows whether
that arrived and was paid for. To connect is tried again, for nothing was sent; a request never is.
"""

from __future__ import annotations

import json
import os
import time
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

CONNECT_S, ANSWER_S = 3.0, 30.0
CONNECT_TRIES, PAUSE_S = 5, 0.3


class Platform:
    def __init__(self, run: str) -> None:
        url = urlsplit(os.environ["PLATFORM"])
        self._host, self._port, self._base = url.hostname or "", url.port or 80, url.path.rstrip("/")
        self._run = run

    def pages(self) -> int:
        return int(self._ask("GET", "/pages")["pages"])

    def page(self, number: int) -> list[list[str]]:
        """Id and text of each document."""
        return [[document["id"], document["text"]] for document in self._ask("GET", f"/pages/{number}")["documents"]]

    def embed(self, texts: list[str]) -> list[list[float]]:
        return _so_many(len(texts), self._ask("POST", "/embed", {"texts": texts})["vectors"])

    def labels(self, ids: list[str]) -> list[int]:
        return _so_many(len(ids), self._ask("POST", "/labels", {"ids": ids})["labels"])

    def announce(self, sha256: str, key: str) -> str:
        self._ask("POST", "/announcements", {"sha256": sha256}, {"idempotency-key": key})
        return sha256

    def _ask(self, method: str, path: str, body: Any = None, more: dict[str, str] | None = None) -> Any:
        headers = {"x-run": self._run, "content-type": "application/json", "connection": "close", **(more or {})}
        connection = self._connect()
        try:
            connection.request(method, self._base + path, None if body is None else json.dumps(body).encode(), headers)
            response = connection.getresponse()
            status, said = response.status, response.read()
        finally:
            connection.close()
        if status != 200:
            raise RuntimeError(f"{method} {path}: {status} {said[:200].decode('utf-8', 'replace')}")
        return json.loads(said)

    def _connect(self) -> HTTPConnection:
        for left in reversed(range(CONNECT_TRIES)):
            connection = HTTPConnection(self._host, self._port, timeout=CONNECT_S)
            try:
                connection.connect()
            except OSError:
                connection.close()
                if not left:
                    raise
                time.sleep(PAUSE_S)
            else:
                connection.sock.settimeout(ANSWER_S)
                return connection
        raise AssertionError("not reached")


def _so_many(count: int, found: list) -> list:
    if len(found) != count:
        raise RuntimeError(f"asked for {count}, answered {len(found)}")
    return found
