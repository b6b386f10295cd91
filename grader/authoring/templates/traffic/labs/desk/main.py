"""The ticket desk: which team looks after a customer."""

import json
import sys
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from routing import team_for


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/healthz":
            self.reply(200, {"ok": True})
        elif url.path == "/team":
            self.team(parse_qs(url.query).get("customer", [""])[0])
        else:
            self.reply(404, {"error": "no such page"})

    def team(self, customer):
        try:
            self.reply(200, {"customer": customer, "team": team_for(customer)})
        except LookupError:
            traceback.print_exc()
            self.reply(500, {"error": "try again later"})

    def reply(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *args):
        pass


if __name__ == "__main__":
    host, _, port = sys.argv[1].partition(":")
    server = ThreadingHTTPServer((host, int(port)), Handler)
    print(f"listening on {sys.argv[1]}", flush=True)
    server.serve_forever()
