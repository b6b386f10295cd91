"""The router: tells the desk which index to ask."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from desk import indexes
from routing import index_for


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query))
        if url.path == "/healthz":
            self.reply(200, {"ok": True})
        elif url.path == "/index" and query.get("customer"):
            self.index(query["customer"], query.get("id", "-"))
        else:
            self.reply(404, {"error": "no such page"})

    def index(self, customer, question):
        try:
            index = index_for(customer)
        except Exception as error:
            print(f"{question} {customer}: {error!r}\n", end="")
            self.reply(500, {"error": repr(error)})
            return
        print(f"{question} {customer} -> {index}\n", end="")
        self.reply(200, {"index": index})

    def reply(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *args):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128


if __name__ == "__main__":
    host, _, port = os.environ["LISTEN"].partition(":")
    for name, (first, last) in indexes().items():
        print(f"the desk has {first} to {last} in {name}")
    Server((host, int(port)), Handler).serve_forever()
