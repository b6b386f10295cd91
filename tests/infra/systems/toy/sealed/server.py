"""A service that does on demand what a runtime must cope with. Every answer is JSON."""

import json
import os
import socket
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

BALLAST = []


def folder():
    """The volume that front and back share."""
    return Path(os.environ["DATA"])


def healthz():
    return "ok"


def environment():
    return dict(os.environ)


def via(name, path):
    """Ask another service; its address is in the environment variable `name`."""
    with urllib.request.urlopen(os.environ[name] + path, timeout=2) as answer:
        return json.load(answer)


def shared():
    """What a module says that lies on PYTHONPATH."""
    import shared as package

    return package.WORD


def count():
    """Count in a file on the volume."""
    path = folder() / "count"
    number = int(path.read_text()) + 1 if path.exists() else 1
    path.write_text(str(number))
    return number


def breed():
    """Leave two children beating in files on the volume: a plain one, and a daemon in a session of its own."""
    for name in ("child", "daemon"):
        if os.fork() == 0:
            if name == "daemon":
                os.setsid()
                if os.fork():
                    os._exit(0)
            beat(folder() / name)
    return "bred"


def beat(path):
    for number in range(10**9):
        path.with_suffix(".new").write_text(str(number))
        path.with_suffix(".new").replace(path)
        time.sleep(0.01)


def beats():
    return {name: (folder() / name).read_text() for name in ("child", "daemon") if (folder() / name).exists()}


def say(text):
    print(text, flush=True)
    return "said"


def garble():
    os.write(1, b"before \xff\xfe after\n")
    return "garbled"


def flood(mib):
    """Write this many MiB to stdout from the background, then a last word; answers at once."""
    threading.Thread(target=pour, args=(int(mib),), daemon=True).start()
    return "pouring"


def pour(mib):
    line = b"x" * 1023 + b"\n"
    for _ in range(mib * 1024):
        os.write(1, line)
    os.write(1, b"the flood is over\n")


def leave(code):
    threading.Timer(0.05, os._exit, (int(code),)).start()
    return "leaving"


def scribble():
    """Try to write beside the code; whether that was possible."""
    path = Path(__file__).with_name("scribble")
    try:
        path.write_text("was here")
    except OSError:
        return False
    path.unlink()
    return True


def grow(mib):
    BALLAST.append(b"\1" * (int(mib) << 20))
    return "grown"


def fork(count):
    """This many processes that share all memory with this one, until they are killed."""
    for _ in range(int(count)):
        if os.fork() == 0:
            time.sleep(600)
            os._exit(0)
    return "forked"


def burn(seconds):
    until = time.process_time() + float(seconds)
    while time.process_time() < until:
        pass
    return "burnt"


def reach(host, port):
    """Whether a TCP connection to somewhere else can be made."""
    try:
        socket.create_connection((host, int(port)), timeout=2).close()
    except OSError:
        return False
    return True


ROUTES = (
    healthz, environment, via, shared, count, breed, beats, say, garble, flood, leave, scribble, grow, fork, burn, reach
)  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        route = {f"/{function.__name__}": function for function in ROUTES}[url.path]
        body = json.dumps(route(**dict(parse_qsl(url.query)))).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    host, _, port = sys.argv[1].rpartition(":")
    ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
