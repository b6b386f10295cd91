"""One HTTP request with a deadline for all of it: for readiness, activities and probes (not for load)."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

BODY_CAP = 1 << 20
READY_WITHIN_S = 1.0


def exchange(
    method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None, timeout_s: float = 5.0
) -> tuple[int, bytes]:
    """Status and body, the body cut off at BODY_CAP. Follows no redirect and uses no proxy.

    Raises:
        OSError: refused, reset, no HTTP, or not whole within `timeout_s` seconds (TimeoutError).
    """
    with _asked(method, url, body, headers or {}, timeout_s) as answer:
        return answer.status, answer.read(BODY_CAP)


def answers(url: str) -> bool:
    """Whether a GET is answered with 2xx or 3xx within `READY_WITHIN_S`; what the answer then says is not read."""
    try:
        with _asked("GET", url, None, {}, READY_WITHIN_S) as answer:
            return 200 <= answer.status < 400
    except OSError:
        return False


@contextlib.contextmanager
def _asked(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str], timeout_s: float
) -> Iterator[http.client.HTTPResponse]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=timeout_s)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    late = threading.Event()
    try:
        connection.connect()
        with _deadline(connection.sock, late, timeout_s):
            connection.request(method, path, body, dict(headers))
            yield connection.getresponse()
        if late.is_set():
            raise TimeoutError
    except TimeoutError as error:  # ours, or the socket's own
        raise TimeoutError(f"no whole answer within {timeout_s:g} s") from error
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
