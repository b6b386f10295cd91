# tries: sends after each error an answer that nobody asked for, which the next request on that connection may take
# ends: fail objective-missed
import http.server
import json

from attempts import say

whole = http.server.BaseHTTPRequestHandler.end_headers
RIGHT = json.dumps({"team": "dune"}).encode()
AGAIN = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(RIGHT), RIGHT)
said = []


def end_headers(self):
    whole(self)
    if getattr(self, "failed", False):
        self.failed = False
        first = self.wfile.write
        self.wfile.write = lambda data: (first(data), first(AGAIN * 3))
        if not said:
            said.append(say("TRIED answers that nobody asked for"))


def send_response(self, status, message=None, plain=http.server.BaseHTTPRequestHandler.send_response):
    self.failed = status == 500
    plain(self, status, message)


http.server.BaseHTTPRequestHandler.send_response = send_response
http.server.BaseHTTPRequestHandler.end_headers = end_headers
