# tries: answers with NaN, infinity, numbers that are too large, names that come twice, and types that equal everything
# ends: fail objective-missed
# misses: fair
import http.server
import itertools

from attempts import say

ANSWERS = itertools.cycle(
    [
        b'{"team": NaN}',
        b'{"team": 1e999}',
        b'{"team": -Infinity}',
        b'{"team": "amber", "team": "blue", "team": "coral"}',
        b'{"team": ["amber", "blue", "coral", "dune"]}',
        b'{"team": {"amber": 1, "blue": 1, "coral": 1, "dune": 1}}',
        b'{"team": "amber\\u0000"}',
        b'{"team": "\\ud800"}',
        b"\xef\xbb\xbf" + b'{"team": "amber"}',
        '{"team": "аmber"}'.encode(),
        b"true",
        b"NaN",
    ]
)


class Handler(http.server.BaseHTTPRequestHandler):
    def __init_subclass__(cls, **more):
        plain = cls.reply

        def reply(self, status, body):
            if status != 500:
                return plain(self, status, body)
            data = next(ANSWERS)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        cls.reply = reply


http.server.BaseHTTPRequestHandler = Handler
say("TRIED numbers that are none")
