"""The candidate's service: says which version it is, and shows its environment."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VERSION = "shipped"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        answers = {"/healthz": "ok", "/version": VERSION, "/environment": dict(os.environ)}
        body = json.dumps(answers[self.path]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    host, _, port = sys.argv[1].rpartition(":")
    ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
