"""The board's server: the pages, which hold nothing, and two feeds, each behind a secret of its own. Loopback only.

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
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from grader import report
from grader.errors import BadInput
from grader.workshop.board.feed import Feed
from grader.workshop.board.watcher import Watcher

HEARTBEAT_S = 4.0
MOST_STREAMS = 40
TIMEOUT_S = 15.0
"""How long a client may take to send its request, or to take what is sent to it."""

_HERE = Path(__file__).with_name("templates")
_FAMILY = Path(report.__file__).with_name("templates")
KINDS = {".css": "text/css", ".js": "text/javascript"}
PAGES = {
    "/": (_HERE / "board.html", "text/html"),
    "/projection": (_HERE / "projection.html", "text/html"),
    "/palette.css": (_FAMILY / "palette.css", "text/css"),
    **{f"/{path.name}": (path, KINDS[path.suffix]) for path in sorted(_HERE.iterdir()) if path.suffix in KINDS},
}
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
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


@dataclass(frozen=True)
class Door:
    """A feed and the secret that opens it."""

    feed: Feed
    secret: str


class Server:
    """Serves until closed.

    Attributes:
        port: on 127.0.0.1.

    Raises:
        BadInput: the port cannot be had.
    """

    def __init__(self, watcher: Watcher, teacher: str, everybody: str, port: int = 0) -> None:
        doors = {"/events": Door(watcher.teacher, teacher), "/projection/events": Door(watcher.everybody, everybody)}
        streams = threading.Semaphore(MOST_STREAMS)

        class Handler(_Handler):
            pass

        Handler.doors, Handler.streams, Handler.last_read = doors, streams, staticmethod(lambda: watcher.read)
        try:
            self._server = _Quiet(("127.0.0.1", port), Handler)
        except (OSError, OverflowError) as error:
            raise BadInput(f"port {port} cannot be used ({error}): give another with --port, or none") from error
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; close the feeds as well, else open pages are served to the end of the process."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in mid-answer is no news."""


class _Handler(BaseHTTPRequestHandler):
    doors: Mapping[str, Door]
    streams: threading.Semaphore
    last_read: Callable[[], float]
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "lab", ""
    timeout = TIMEOUT_S

    def do_GET(self) -> None:
        if not _is_ours(self.headers.get("Host", "")):
            self._say(HTTPStatus.FORBIDDEN, "this board is read at 127.0.0.1 only")
        elif self.path in self.doors:
            self._open(self.doors[self.path])
        elif self.path in PAGES:
            path, kind = PAGES[self.path]
            self._answer(HTTPStatus.OK, path.read_bytes(), kind)
        else:
            self._say(HTTPStatus.NOT_FOUND, "there is no such page")

    def _open(self, door: Door) -> None:
        given = self.headers.get("Authorization", "").encode("latin-1")
        if not hmac.compare_digest(given, f"Bearer {door.secret}".encode()):
            self._say(HTTPStatus.FORBIDDEN, "this link is not valid: use the one that `lab workshop board` printed")
        elif not self.streams.acquire(blocking=False):
            self._say(HTTPStatus.SERVICE_UNAVAILABLE, "too many pages are open: close some")
        else:
            try:
                self._stream(door.feed)
            finally:
                self.streams.release()

    def _stream(self, feed: Feed) -> None:
        """Server-sent events until the page or the board goes away: `news`, and a `beat` where there is none."""
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

    def _answer(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self._head(status, kind, {"Content-Length": str(len(body))})
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
