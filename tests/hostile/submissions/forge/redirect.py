# tries: sends callers that ask for a customer it does not know elsewhere: to this machine and to its files
# ends: fail objective-missed
# misses: answered
# quick: yes
import http.server
import itertools

from attempts import say

plain = http.server.BaseHTTPRequestHandler.send_response
TO = itertools.cycle(
    [
        "http://127.0.0.1:@PORT@/team",
        "http://localhost:@PORT@/",
        "http://[::1]:@PORT@/",
        "//127.0.0.1:@PORT@/",
        "file://@CANARY@",
        "http://169.254.169.254/latest/meta-data/",
        "gopher://127.0.0.1:@PORT@/_",
    ]
)
WAYS = itertools.cycle([301, 302, 303, 307, 308, 300, 305])


def send_response(self, status, message=None):
    if status < 500:
        return plain(self, status, message)
    to = next(TO)
    plain(self, next(WAYS), message)
    for name in ("Location", "Content-Location", "Alt-Svc", "Link"):
        self.send_header(name, to)
    self.send_header("Refresh", f"0; url={to}")


http.server.BaseHTTPRequestHandler.send_response = send_response
say("TRIED redirects")
