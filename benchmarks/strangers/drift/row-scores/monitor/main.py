"""Drift monitor: POST /batches judges one day of one stream; GET /streams shows the last verdicts."""

from __future__ import annotations

import json
import os
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from monitor import Monitor
from warehouse import Unavailable, Warehouse

FIELDS = ("stream", "domain", "date", "calendar", "batch", "reference")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    monitor: Monitor

    def do_GET(self) -> None:
        if self.path == "/healthz":
            self.reply(200, {"status": "ok"})
        elif self.path == "/streams":
            self.reply(200, self.monitor.overview())
        else:
            self.reply(404, {"error": "not found"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path != "/batches":
            return self.reply(404, {"error": "not found"})
        try:
            notice = json.loads(body)
            notice = {field: str(notice[field]) for field in FIELDS}
        except (ValueError, KeyError, TypeError):
            return self.reply(422, {"error": f"expected {', '.join(FIELDS)}"})
        try:
            verdict, column = self.monitor.judge(notice)
        except Unavailable as error:  # no data, no verdict: never an `ok` that nobody has looked for
            return self.reply(503, {"error": str(error)})
        except Exception as error:
            traceback.print_exc()
            return self.reply(500, {"error": repr(error)})
        self.reply(200, {"verdict": verdict, "column": column})

    def reply(self, code: int, payload: dict) -> None:
        body = json.dumps(payload).encode()
        self.send_response(code)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


def main() -> None:
    Handler.monitor = Monitor(Warehouse(os.environ["WAREHOUSE"]), os.environ.get("DATA_DIR", "/data"))
    host, _, port = os.environ["LISTEN"].rpartition(":")
    Server((host, int(port)), Handler).serve_forever()


if __name__ == "__main__":
    main()
