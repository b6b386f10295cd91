"""Speaking to what runs in a pod: one JSON object a line each way over TCP, each asked with a token."""

from __future__ import annotations

import json
import socket
import threading
import time
from typing import IO, Any

from infra.errors import PlatformBroken

TIMEOUT_S = 20.0
AGAIN_AFTER_S = (0.0, 0.2, 0.6, 1.4)
"""Seconds before each further try: a busy cluster's API server ends some forwards that it has just begun."""


class Line:
    """A connection that is kept, and made again when it broke. Askers on several threads wait for each other."""

    def __init__(self, host: str, port: int, token: str, who: str) -> None:
        """`who` is named in errors."""
        self._where, self._token, self._who = (host, port), token, who
        self._busy = threading.Lock()
        self._open: tuple[socket.socket, IO[bytes]] | None = None

    def ask(self, do: str, **arguments: Any) -> Any:
        """Have something done; safe to repeat, since a broken connection is made again a few times.

        Raises:
            PlatformBroken: nobody answers there, or it reports trouble.
        """
        message = json.dumps({"token": self._token, "do": do, **arguments}).encode() + b"\n"
        with self._busy:
            answer = json.loads(self._exchange(message))
        if "ok" not in answer:
            raise PlatformBroken(f"{self._who} cannot do {do}: {answer.get('error')}")
        return answer["ok"]

    def close(self) -> None:
        """Let go of the connection."""
        if self._open is not None:
            connection, lines = self._open
            self._open = None
            lines.close()
            connection.close()

    def _exchange(self, message: bytes) -> bytes:
        why = "it hung up"
        give_up = time.monotonic() + 2 * TIMEOUT_S  # who is silent, and does not hang up, is asked twice
        for wait in (0.0, *AGAIN_AFTER_S):
            if time.monotonic() >= give_up:
                break
            time.sleep(wait)
            try:
                connection, lines = self._opened()
                connection.sendall(message)
                if line := lines.readline():
                    return line
            except OSError as error:
                why = str(error)
            self.close()
        raise PlatformBroken(f"{self._who} does not answer ({why}): its pod, or the way to the cluster, is gone")

    def _opened(self) -> tuple[socket.socket, IO[bytes]]:
        if self._open is None:
            connection = socket.create_connection(self._where, TIMEOUT_S)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open = connection, connection.makefile("rb")
        return self._open
