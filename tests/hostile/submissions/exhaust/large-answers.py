# tries: answers every question with a mebibyte of JSON, whose parsing keeps the load busy, so that no trial counts
# ends: fail objective-missed suspect
# lab: latency-spike
# once: yes
import json

import uvicorn
from attempts import say

SAID = json.dumps({"answer": "", "source": ""})[:-1]
LARGE = (SAID + ', "more": [' + "[]," * (((1 << 20) - 64) // 3) + "0]}").encode()
plain = uvicorn.run


def run(app, **options):
    """The lab as shipped, but for its answers."""

    async def larger(scope, receive, send):
        if scope["type"] != "http" or scope["path"] != "/v1/answers":
            return await app(scope, receive, send)
        while (await receive()).get("more_body"):
            pass
        length = str(len(LARGE)).encode()
        head = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": LARGE})

    say(f"TRIED answers of {len(LARGE)} bytes")
    plain(larger, **options)


uvicorn.run = run
