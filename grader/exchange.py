"""One HTTP request with a deadline for all of it, for activities and probes (not for load)."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

BODY_CAP = 1 << 20


def exchange(
    method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None, timeout_s: float = 5.0
) -> tuple[int, bytes]:
    """Status and body, the body cut off at BODY_CAP. Follows no redirect and uses no proxy.

    Raises:
        OSError: refused, reset, no HTTP, or not whole within `timeout_s` seconds (TimeoutError).
    """
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=timeout_s)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    late = threading.Event()
    try:
        connection.connect()
        with _deadline(connection.sock, late, timeout_s):
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            got = answer.status, answer.read(BODY_CAP)
        if late.is_set():
            raise TimeoutError(f"no whole answer within {timeout_s:g} s")
        return got
    except (http.client.HTTPException, ValueError) as error:
        if late.is_set():
            raise TimeoutError(f"no whole answer within {timeout_s:g} s") from error
        raise OSError(f"no HTTP answer: {error!r}") from error
    finally:
        connection.close()


@contextlib.contextmanager
def _deadline(sock: socket.socket, late: threading.Event, timeout_s: float) -> Iterator[None]:
    """Shuts the socket down when time is up, which ends any read, however slowly the other side feeds it."""

    def end() -> None:
        late.set()
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(timeout_s, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
