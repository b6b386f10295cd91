"""A health page beside a server that speaks no HTTP. The folders postgres and valkey have the same file."""

from __future__ import annotations

import encodings.idna  # noqa: F401 - socket needs it late, when this user may not read Python's own files
import os
import socket
import sys
import time
from collections.abc import Callable

ANSWER_WITHIN_S = 1.0
LOOK_S = 0.25
BIND_WITHIN_S = 5.0


def serve_beside(listen: tuple[str, int], healthy: Callable[[], bool]) -> None:
    """Fork a process that answers every request with 200 while `healthy()` holds and 503 otherwise.

    The caller goes on, and may become another program; the page goes with it.
    """
    caller = os.getpid()
    if os.fork() == 0:
        try:
            _serve(listen, healthy, caller)
        except Exception as error:
            print(f"health page: {error}", file=sys.stderr, flush=True)
        finally:
            os._exit(1)


def _serve(listen: tuple[str, int], healthy: Callable[[], bool], caller: int) -> None:
    with _bound(listen) as listener:
        listener.settimeout(LOOK_S)
        while os.getppid() == caller:
            try:
                client, _ = listener.accept()
            except TimeoutError:
                continue
            with client:
                _answer(client, healthy)


def _bound(listen: tuple[str, int]) -> socket.socket:
    """The page of a server that was killed lets go of the port within `LOOK_S`."""
    give_up = time.monotonic() + BIND_WITHIN_S
    while True:
        try:
            return socket.create_server(listen)
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.05)


def _answer(client: socket.socket, healthy: Callable[[], bool]) -> None:
    client.settimeout(ANSWER_WITHIN_S)
    try:
        client.recv(4096)
        status, text = ("200 OK", b"ok\n") if healthy() else ("503 Service Unavailable", b"not ready\n")
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
        )
        client.sendall(head.encode() + text)
    except OSError:
        return
