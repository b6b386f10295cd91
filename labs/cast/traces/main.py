"""A collector of traces: OTLP as JSON over HTTP in, a page with waterfalls out. README.md has the API.

Environment: LISTEN (host:port), KEEP (traces in memory).
"""

from __future__ import annotations

import json
import os
import sys
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import page
from spans import NotOtlp, Traces

MAX_BODY = 1 << 20
AT_ONCE = 2
SECURITY = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


class BadBody(ValueError):
    """A body that is not taken; carries the status to answer with."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Handler(BaseHTTPRequestHandler):
    """One connection; `traces` and its lock are shared by all."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    traces: Traces
    lock = threading.Lock()
    places = threading.BoundedSemaphore(AT_ONCE)

    def do_GET(self) -> None:
        """The pages."""
        url = urlsplit(self.path)
        if url.path == "/healthz":
            self._reply(200, b'{"status":"ok"}')
        elif url.path == "/":
            asked = parse_qs(url.query, max_num_fields=10)
            with self.lock:
                roots = self.traces.roots()
            shown = page.index(roots, asked.get("order", ["slowest"])[0][:20], asked.get("q", [""])[0][:200])
            self._reply(200, shown, "text/html; charset=utf-8")
        else:
            with self.lock:
                spans = self.traces.trace(url.path.removeprefix("/trace/"))
            if spans:
                self._reply(200, page.waterfall(spans), "text/html; charset=utf-8")
            else:
                self._reply(404, b'{"error":"not found, or no longer kept"}')

    def do_POST(self) -> None:
        """An export; few are read at once, so that the sum of them stays small."""
        try:
            with self.places:
                self._take(self._body())
        except BadBody as error:
            self._refuse(error.status, str(error))
        except (NotOtlp, ValueError, RecursionError) as error:
            self._refuse(400, str(error)[:200])
        else:
            self._reply(200, b"{}")

    def _take(self, body: bytes) -> None:
        if self.path != "/v1/traces":
            raise BadBody(404, "traces are posted to /v1/traces")
        document = json.loads(body)
        with self.lock:
            self.traces.add(document)

    def _body(self) -> bytes:
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MAX_BODY:
            self.close_connection = True
            raise BadBody(413, f"a body needs a content-length of at most {MAX_BODY}")
        body = self.rfile.read(int(length))
        if self.headers.get("content-encoding") == "gzip":
            return _unpacked(body)
        return body

    def _refuse(self, status: int, reason: str) -> None:
        self._reply(status, json.dumps({"error": reason}).encode())

    def _reply(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        for name, value in SECURITY.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """No access log."""


def _unpacked(body: bytes) -> bytes:
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        text = unpack.decompress(body, MAX_BODY)
    except zlib.error as error:
        raise BadBody(400, "the body is no gzip") from error
    if unpack.unconsumed_tail:
        raise BadBody(413, f"at most {MAX_BODY} bytes, unpacked")
    return text


def main() -> None:
    """Serve until the process ends; what makes no sense ends it with one sentence."""
    host, _, port = os.environ.get("LISTEN", "").rpartition(":")
    keep = os.environ.get("KEEP", "500")
    if not port.isdecimal() or not keep.isdecimal() or not 0 < int(keep) <= 100_000:
        sys.exit("traces: LISTEN must be host:port, and KEEP a whole number from 1 to 100000")
    Handler.traces = Traces(int(keep))
    server = ThreadingHTTPServer((host, int(port)), Handler)
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    main()
