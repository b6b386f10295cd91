"""Rollout controller: POST /rollout starts one, GET /rollout shows it, GET /rollout/healthz is for the platform."""

from __future__ import annotations

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from gateway import Gateway
from rollout import Rollout


class Handler(BaseHTTPRequestHandler):
    rollout: Rollout
    timeout = 5

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/rollout/healthz":
            self.reply(200, {"status": "ok"})
        elif path == "/rollout":
            self.reply(200, self.rollout.status())
        else:
            self.reply(404, {"error": "not found"})

    def do_POST(self) -> None:
        if self.path.partition("?")[0] != "/rollout":
            return self.reply(404, {"error": "not found"})
        try:
            length = int(self.headers.get("content-length") or 0)
            if not 0 <= length <= 8192:
                return self.reply(413, {"error": "at most 8192 bytes"})
            version = json.loads(self.rfile.read(length))["version"]
        except (ValueError, KeyError, TypeError):
            return self.reply(422, {"error": 'expected {"version": "v2"}'})
        if version != "v2":
            return self.reply(422, {"error": f"no version {version!r}"})
        try:
            started = self.rollout.start()
        except OSError as error:  # without a journal there is no safe rollout
            return self.reply(503, {"error": f"journal: {error}"})
        if not started:
            return self.reply(409, {"error": "a rollout is running", **self.rollout.status()})
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
        stable=os.environ["V1_METRICS"],
        canary=os.environ["V2_METRICS"],
        folder=os.environ["DATA_DIR"],
    )
    threading.Thread(target=Handler.rollout.recover, daemon=True).start()
    host, _, port = os.environ["LISTEN"].rpartition(":")
    ThreadingHTTPServer((host, int(port)), Handler).serve_forever()


if __name__ == "__main__":
    main()
