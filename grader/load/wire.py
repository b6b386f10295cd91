"""HTTP/1.1 over the parser and sockets that Locust's FastHttpUser uses, with nothing done behind our back.

geventhttpclient's own `HTTPClient.request` repeats idempotent requests until its pool is exhausted, reads bodies and
headers without bound, and uses `select`, which fails past file descriptor 1024. Here a request is sent once.

The one exception is the race that every keep-alive client has. An idempotent request on a *reused* connection is sent
again, on a fresh one, when the server ended it without a byte of answer and either reset it (it never read the request)
or ended it within `RACE_S` (a proxy between can turn the reset into an end). A connection idle longer than `IDLE_S`, or
seen closed, is not reused, so the race is left to servers that close sooner than that. A POST that loses it counts as
`eof` or `reset`: to send it twice would be worse in a lab about work done twice.
"""

from __future__ import annotations

import errno
import socket as _socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gevent
import gevent.socket
from geventhttpclient.response import HTTPConnectionClosed, HTTPParseError, HTTPSocketPoolResponse

BODY_CAP = 1 << 20
ANSWER_CAP = 64 << 10
"""Of an answer that the load checks. A mebibyte takes tens of milliseconds to parse; one a request kept a core busy."""
HEAD_CAP = 64 << 10
IDLE_S = 1.0
RACE_S = 0.02
_BLOCK = 64 << 10
_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_Parse: Any = HTTPParseError


@dataclass(frozen=True)
class Answer:
    """What came back: either a whole answer (`error` empty), or status 0 and a short name of what went wrong:
    timeout, refused, reset, eof, dns, too-long, protocol or network."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    error: str = ""


class _TooLong(Exception):
    """The answer passed the pool's cap or HEAD_CAP."""


class _Silent(Exception):
    """The connection ended without a byte of an answer; says how: eof or reset."""


class Pool:
    """Keep-alive connections of one trial to one address, whose answers have at most `most` bytes of body."""

    def __init__(self, address: str, most: int = BODY_CAP) -> None:
        host, _, port = address.rpartition(":")
        self.address = address
        self.most = most
        self._where = (host.strip("[]"), int(port))
        self._idle: list[tuple[Any, float]] = []

    def take(self, fresh: bool = False) -> tuple[Any, bool]:
        """A connected socket, and whether it was used before; OSError if there is none to be had."""
        while self._idle and not fresh:
            sock, since = self._idle.pop()
            if time.monotonic() - since < IDLE_S and _alive(sock):
                return sock, True
            sock.close()
        sock = gevent.socket.create_connection(self._where)
        sock.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        return sock, False

    def return_socket(self, sock: Any) -> None:
        """Called by the parser when a whole answer was read and the connection may stay."""
        now = time.monotonic()
        self._idle.append((sock, now))
        while self._idle and now - self._idle[0][1] > IDLE_S:
            self._idle.pop(0)[0].close()

    def release_socket(self, sock: Any) -> None:
        """Called by the parser when the connection is of no more use."""
        sock.close()


class _Response(HTTPSocketPoolResponse):  # type: ignore[misc, unused-ignore]
    """Bounds what one answer may make us hold."""

    _fed = 0

    def feed(self, data: Any) -> None:
        self._fed += len(data)
        pool: Any = self._pool
        if self._fed > pool.most + HEAD_CAP or (not self.headers_complete and self._fed > HEAD_CAP + _BLOCK):
            raise _TooLong
        if not data and not self._fed:
            assert self._sock is not None
            refused = self._sock.getsockopt(_socket.SOL_SOCKET, _socket.SO_ERROR)  # a reset after the server's close
            raise _Silent("reset" if refused else "eof")
        try:
            super().feed(data)
        except HTTPParseError as error:
            if not data:
                raise HTTPConnectionClosed("connection closed inside the answer") from error
            raise
        if not data and not self.message_complete:
            raise HTTPConnectionClosed("connection closed inside the answer")


def encode(method: str, path: str, host: str, headers: Mapping[str, str], body: bytes | None) -> bytes:
    """A request as it goes on the wire.

    Raises:
        ValueError: method, path or a header would break the message.
    """
    lines = [f"{method} {path} HTTP/1.1", f"host: {host}", *(f"{k}: {v}" for k, v in headers.items())]
    if body is not None or method in ("POST", "PUT", "PATCH"):
        lines.append(f"content-length: {len(body or b'')}")
    if any("\r" in line or "\n" in line for line in lines) or " " in path or not path.startswith("/"):
        raise ValueError(f"{method} {path!r} with headers {dict(headers)!r} is no valid request")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")


def exchange(pool: Pool, method: str, message: bytes, timeout_s: float) -> Answer:
    """Send one message and read its answer whole, all within `timeout_s` seconds. Does not follow redirects."""
    late = gevent.Timeout(timeout_s)
    late.start()
    try:
        return _exchange(pool, method, message)
    except gevent.Timeout as timeout:
        if timeout is not late:
            raise
        return _failed("timeout")
    except (OSError, _Parse, _TooLong, _Silent) as error:
        return _failed(_name(error))
    finally:
        late.close()


def _exchange(pool: Pool, method: str, message: bytes) -> Answer:
    sock, reused = pool.take()
    sent = time.monotonic()
    try:
        return _once(pool, sock, method, message)
    except _Silent as end:
        raced = str(end) == "reset" or time.monotonic() - sent < RACE_S
        if not (raced and reused and method in _IDEMPOTENT):
            raise
    sock, _ = pool.take(fresh=True)
    return _once(pool, sock, method, message)


def _once(pool: Pool, sock: Any, method: str, message: bytes) -> Answer:
    try:
        sock.sendall(message)
    except BaseException as error:
        sock.close()
        raise (_Silent("reset") if isinstance(error, ConnectionError) else error) from None
    response = _head(pool, sock, method)
    try:
        body = b"".join(iter(lambda: response.read(_BLOCK), b""))
        if len(body) > pool.most:
            raise _TooLong
        return Answer(response.status_code, {str(k).lower(): str(v) for k, v in response.items()}, body)
    finally:
        response.release()


def _head(pool: Pool, sock: Any, method: str) -> _Response:
    as_pool: Any = pool  # it only calls return_socket and release_socket
    try:
        return _Response(sock, as_pool, block_size=_BLOCK, method=method)
    except HTTPConnectionClosed as error:  # how the parser reports a reset before the first byte
        if isinstance(error.__context__, ConnectionResetError):
            raise _Silent("reset") from error
        raise


def _alive(sock: Any) -> bool:
    """Whether an idle connection is open and silent; one with something to read was closed or is out of step."""
    sock.settimeout(0.0)
    try:
        sock.recv(1, _socket.MSG_PEEK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        sock.settimeout(None)
    return False


def _failed(error: str) -> Answer:
    return Answer(0, {}, b"", error)


def _name(error: BaseException) -> str:
    if isinstance(error, _TooLong):
        return "too-long"
    if isinstance(error, _Silent):
        return str(error)
    if isinstance(error, HTTPParseError):
        return "eof" if isinstance(error, HTTPConnectionClosed) else "protocol"
    if isinstance(error, _socket.gaierror):
        return "dns"
    names = {errno.ECONNREFUSED: "refused", errno.ECONNRESET: "reset", errno.EPIPE: "reset"}
    return names.get(getattr(error, "errno", None) or 0, "network")
