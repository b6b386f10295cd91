"""Rollout controller: POST /rollout starts one, GET /rollout shows it, GET /rollout/healthz is for the platform."""

from __future__ import annotations

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from gateway import Gateway
from metrics import Metrics
from rollout import Rollout
from state import Store


class Handler(BaseHTTPRequestHandler):
    rollout: Rollout

    def do_GET(self) -> None:
        if self.path == "/rollout/healthz":
            self.reply(200, {"status": "ok"})
        elif self.path == "/rollout":
            self.reply(200, self.rollout.status())
        else:
            self.reply(404, {"error": "not found"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path != "/rollout":
            return self.reply(404, {"error": "not found"})
        try:
            version = json.loads(body)["version"]
        except (ValueError, KeyError, TypeError):
            return self.reply(422, {"error": 'expected {"version": "v2"}'})
        if version != "v2":
            return self.reply(422, {"error": f"no version {version!r}"})
        if not self.rollout.start():
            return self.reply(409, {"error": "a rollout is running"})
        self.reply(202, self.rollout.status())

    def reply(self, code: int, payload: dict) -> None:
        body = json.dumps(payload).encode()
        self.send_response(code)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    Handler.rollout = Rollout(
        gateway=Gateway(os.environ["GATEWAY_ADMIN"]),
        stable=Metrics(os.environ["V1_METRICS"]),
        canary=Metrics(os.environ["V2_METRICS"]),
        store=Store(os.environ["DATA_DIR"]),
    )
    Handler.rollout.resume()
    host, _, port = os.environ["LISTEN"].rpartition(":")
    ThreadingHTTPServer((host, int(port)), Handler).serve_forever()


if __name__ == "__main__":
    main()
