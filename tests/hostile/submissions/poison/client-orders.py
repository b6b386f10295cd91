# tries: leaves orders for its callers: cookies, other services, endless caches, connections that carry the next answer
# ends: fail objective-missed
# misses: answered
import http.server

from attempts import say

plain = http.server.BaseHTTPRequestHandler.send_response
ORDERS = {
    "Set-Cookie": "verdict=pass; Domain=127.0.0.1; Path=/; Max-Age=99999999",
    "Alt-Svc": 'h2="127.0.0.1:@PORT@"; ma=99999999; persist=1, h3=":@PORT@"',
    "Strict-Transport-Security": "max-age=99999999; includeSubDomains",
    "Cache-Control": "public, immutable, max-age=99999999",
    "Clear-Site-Data": '"*"',
    "Retry-After": "99999999",
    "Keep-Alive": "timeout=99999999, max=1",
    "Connection": "keep-alive, upgrade",
    "Upgrade": "h2c, websocket",
    "Proxy-Authenticate": "Basic realm=hostile",
    "WWW-Authenticate": "Negotiate",
}


def send_response(self, status, message=None):
    plain(self, status, message)
    if self.path != "/healthz":
        for name, value in ORDERS.items():
            self.send_header(name, value)


http.server.BaseHTTPRequestHandler.send_response = send_response
say("TRIED orders for who asks")
