"""Has the image's own programs look at a rule and at a route, and says what they said."""

import json
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

RULES = "groups: [{name: a, rules: [{alert: Away, expr: 'up == 0'}]}]"
ROUTE = "{receiver: none, routes: [{receiver: page, matchers: [severity=page]}]}"
CONFIG = "{route: " + ROUTE + ", receivers: [{name: none}, {name: page}]}"


def said(*command, stdin=""):
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=20).stdout


def checked():
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "alertmanager.yaml"
        config.write_text(CONFIG)
        return {
            "rules": said("promtool", "check", "rules", stdin=RULES),
            "route": said("amtool", "config", "routes", "test", f"--config.file={config}", "severity=page"),
            "prometheus": said("prometheus", "--version"),
            "alertmanager": said("prometheus-alertmanager", "--version"),
        }


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps("ok" if self.path == "/healthz" else checked()).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


host, port = sys.argv[1].split(":")
ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
