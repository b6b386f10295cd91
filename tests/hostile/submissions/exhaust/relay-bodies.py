# tries: answers through the sealed relay with bodies that unpack to 700 MB, and with headers without end
# ends: fail objective-missed
# lab: drift
import http.server
import itertools

from attempts import packed, say

ZEROS = packed(700)
TURNS = itertools.count()


def reply(self, code, payload):
    if self.path == "/healthz":
        self.send_response(200)
        self.send_header("content-length", "0")
        return self.end_headers()
    say("TRIED a harmful answer")
    self.close_connection = True
    if next(TURNS) % 2:
        self.send_response(200)
        self.send_header("content-encoding", "gzip")
        self.send_header("content-length", str(len(ZEROS)))
        self.end_headers()
        return self.wfile.write(ZEROS)
    self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"x-more: of the same\r\n" * 200_000)


def spoil(cls, **more):
    cls.reply = reply


http.server.BaseHTTPRequestHandler.__init_subclass__ = classmethod(spoil)
