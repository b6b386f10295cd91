"""A server of live pages: files that hold nothing, feeds and questions, each behind a secret. Loopback only.

The standard library's server is enough: a page takes one connection, and a handful of pages are open. It writes no
log. A page gets its secret after the # of its link and sends it as a header. A cookie would not do: cookies know no
ports, and every lab that runs on this machine would be sent it.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from grader import report
from grader.errors import BadInput, GraderError
from grader.pages.feed import Feed
from infra.errors import InfraError

HEARTBEAT_S = 4.0
MOST_STREAMS = 40
MOST_ASKED = 4096
"""Bytes of a question's body."""

TIMEOUT_S = 15.0
"""How long a client may take to send its request, or to take what is sent to it."""

_HERE = Path(__file__).with_name("templates")
_FAMILY = Path(report.__file__).with_name("templates")
KINDS = {".css": "text/css", ".js": "text/javascript"}
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
APART = {
    "Content-Security-Policy": "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:",
    "Cross-Origin-Opener-Policy": "unsafe-none",
}
"""A report brings its own script and style, and may reach nothing, this server not either."""

LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
Pages = Mapping[str, tuple[Path, str]]
"""Files by the path at which they are served, with their types."""


def files(folder: Path) -> dict[str, tuple[Path, str]]:
    """Scripts and styles of a folder, at the top of the server."""
    return {f"/{path.name}": (path, KINDS[path.suffix]) for path in sorted(folder.iterdir()) if path.suffix in KINDS}


SHARED: Pages = {"/palette.css": (_FAMILY / "palette.css", "text/css"), **files(_HERE)}


@dataclass(frozen=True)
class Door:
    """A feed and the secret that opens it."""

    feed: Feed
    secret: str


@dataclass(frozen=True)
class Desk:
    """Answers questions, behind a secret. `asks` are answered to GET, `orders` to POST; each takes what was given with
    the question and gives plain data.

    A question that makes no sense raises BadInput; the sentence of any of our errors is the answer then.
    """

    secret: str
    asks: Mapping[str, Callable[[Mapping[str, str]], Any]] = field(default_factory=dict)
    orders: Mapping[str, Callable[[Mapping[str, str]], Any]] = field(default_factory=dict)
    papers: Callable[[str], bytes | None] = lambda _: None
    """Whole pages of others by their path, which is secret enough: shown in a sandbox of their own."""


class Server:
    """Serves until closed.

    Attributes:
        port: on 127.0.0.1.

    Raises:
        BadInput: the port cannot be had.
    """

    def __init__(
        self,
        pages: Pages,
        doors: Mapping[str, Door],
        *,
        refusal: str,
        read: Callable[[], float],
        desk: Desk | None = None,
        port: int = 0,
    ) -> None:
        """`refusal`: what is said to who has another secret; `read`: when what is shown was last looked at."""
        self._streams = _Places(MOST_STREAMS)

        class Handler(_Handler):
            pass

        Handler.pages, Handler.doors, Handler.desk = {**SHARED, **pages}, doors, desk
        Handler.refusal, Handler.streams, Handler.last_read = refusal, self._streams, staticmethod(read)
        try:
            self._server = _Quiet(("127.0.0.1", port), Handler)
        except (OSError, OverflowError) as error:
            raise BadInput(f"port {port} cannot be used ({error}): give another with --port, or none") from error
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()

    @property
    def watched(self) -> int:
        """How many pages are open."""
        return self._streams.taken

    def close(self) -> None:
        """Stop; close the feeds as well, else open pages are served to the end of the process."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Places:
    """So many at once."""

    def __init__(self, most: int) -> None:
        self._lock, self._most, self.taken = threading.Lock(), most, 0

    def take(self) -> bool:
        with self._lock:
            free = self.taken < self._most
            self.taken += free
            return free

    def leave(self) -> None:
        with self._lock:
            self.taken -= 1


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in mid-answer is no news."""


class _Handler(BaseHTTPRequestHandler):
    pages: Pages
    doors: Mapping[str, Door]
    desk: Desk | None
    refusal: str
    streams: _Places
    last_read: Callable[[], float]
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "lab", ""
    timeout = TIMEOUT_S

    def do_GET(self) -> None:
        where, _, asked = self.path.partition("?")
        if not self._meant():
            return
        if self.path in self.doors:
            self._open(self.doors[self.path])
        elif self.path in self.pages:
            path, kind = self.pages[self.path]
            self._answer(HTTPStatus.OK, path.read_bytes(), kind)
        elif self.desk and where in self.desk.asks:
            if self._may(self.desk.secret):
                self._reply(self.desk.asks[where], dict(parse_qsl(asked)))
        elif self.desk and (paper := self.desk.papers(self.path)):
            self._answer(HTTPStatus.OK, paper, "text/html", APART)
        else:
            self._say(HTTPStatus.NOT_FOUND, "there is no such page")

    def do_POST(self) -> None:
        if not self.desk or self.path not in self.desk.orders:
            self._say(HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.NOT_IMPLEMENTED.phrase)
        elif self._meant() and self._may(self.desk.secret):
            size = self.headers.get("Content-Length", "")
            if not size.isdecimal() or int(size) > MOST_ASKED:
                self._say(HTTPStatus.BAD_REQUEST, f"a question has a length, of at most {MOST_ASKED} bytes")
                return
            try:
                given = json.loads(self.rfile.read(int(size)) or b"{}")
                words = {str(name): str(value) for name, value in given.items()}
            except (ValueError, AttributeError, RecursionError):
                self._say(HTTPStatus.BAD_REQUEST, "a question is an object in JSON")
                return
            self._reply(self.desk.orders[self.path], words)

    def _meant(self) -> bool:
        """Whether it was meant for us; says so if not."""
        if _is_ours(self.headers.get("Host", "")):
            return True
        self._say(HTTPStatus.FORBIDDEN, "this page is read at 127.0.0.1 only")
        return False

    def _may(self, secret: str) -> bool:
        """Whether the secret was given; says so if not."""
        given = self.headers.get("Authorization", "").encode("latin-1")
        if hmac.compare_digest(given, f"Bearer {secret}".encode()):
            return True
        self._say(HTTPStatus.FORBIDDEN, self.refusal)
        return False

    def _reply(self, answer: Callable[[Mapping[str, str]], Any], given: Mapping[str, str]) -> None:
        try:
            said = answer(given)
        except (GraderError, InfraError) as error:
            self._say(HTTPStatus.CONFLICT, str(error))
        else:
            self._answer(HTTPStatus.OK, json.dumps(said).encode(), "application/json")

    def _open(self, door: Door) -> None:
        if not self._may(door.secret):
            return
        if not self.streams.take():
            self._say(HTTPStatus.SERVICE_UNAVAILABLE, "too many pages are open: close some")
            return
        try:
            self._stream(door.feed)
        finally:
            self.streams.leave()

    def _stream(self, feed: Feed) -> None:
        """Server-sent events until the page or the server goes away: `news`, and a `beat` where there is none."""
        self.close_connection = True
        self._head(HTTPStatus.OK, "text/event-stream", {"Connection": "close"})
        version = 0
        with contextlib.suppress(OSError, EOFError):
            while True:
                news = feed.wait(version, HEARTBEAT_S)
                told: dict[str, Any] = {"now": round(time.time(), 1), "read": round(self.last_read(), 1)}
                if news:
                    told |= {"whole": version == 0, "parts": news.parts, "gone": news.gone}
                    version = news.version
                event = f"event: {'news' if news else 'beat'}\nid: {version}\ndata: {json.dumps(told)}\n\n"
                self.wfile.write(event.encode())

    def _say(self, status: HTTPStatus, text: str) -> None:
        self.close_connection = True
        self._answer(status, f"{text}\n".encode(), "text/plain")

    def _answer(self, status: HTTPStatus, body: bytes, kind: str, more: Mapping[str, str] | None = None) -> None:
        self._head(status, kind, {"Content-Length": str(len(body)), **(more or {})})
        self.wfile.write(body)

    def _head(self, status: HTTPStatus, kind: str, more: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": f"{kind}; charset=utf-8", **HEADERS, **more}.items():
            self.send_header(name, value)
        self.end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What is no GET, or no HTTP, is refused in plain text."""
        self._say(HTTPStatus(code), HTTPStatus(code).phrase)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""


def _is_ours(host: str) -> bool:
    """Whether a request was meant for this machine: a page of another name that leads here (DNS rebinding) is not.
    The port is free, since a tunnel may have another."""
    name, _, port = host.rpartition(":") if not host.endswith("]") and ":" in host else (host, "", "")
    return name.lower() in LOOPBACK and (not port or port.isdigit())
