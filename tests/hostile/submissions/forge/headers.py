# tries: says that errors are answers, and by headers that sealed services gave them, also to requests of others
# ends: fail objective-missed
# misses: fair
import http.server

from attempts import say

plain = http.server.BaseHTTPRequestHandler.send_response
THEIRS = {
    "x-served-by": "front",
    "x-request-id": "00000000-0000-0000-0000-000000000000",
    "x-edge-key": "none",
    "x-probe": "none",
    "x-answer": "right",
    "x-brownout-verdict": "pass",
    "age": "0",
}


def send_response(self, status, message=None):
    plain(self, 200, "right")
    for name, value in THEIRS.items():
        self.send_header(name, value)
        self.send_header(name, f"{value}, {self.headers.get('x-request-id')}")


http.server.BaseHTTPRequestHandler.send_response = send_response
say("TRIED headers of sealed services")
