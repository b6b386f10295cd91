"""A server on loopback whose answers are chosen by the path, and what is needed to run the real generator on it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

LOAD = """
from grader.load import Request
class Traffic:
    target = "http://gateway:8080"
    def __init__(self, parameters, seed):
        self.path = parameters.get("path", "/ok")
        self.method = parameters.get("method", "GET")
        self.timeout_s = parameters.get("timeout_s", 5.0)
        self.cost_s = parameters.get("cost_s", 0.0)
        self.bug = parameters.get("bug")
    def request(self, n):
        if self.bug == "request" and n == 3:
            raise RuntimeError("no fourth request")
        json = {"n": n} if self.method == "POST" else None
        return Request(self.method, self.path, "route", json=json, segment="gold", timeout_s=self.timeout_s)
    def check(self, request, status, headers, body):
        if self.bug == "check":
            raise RuntimeError("check is broken")
        import time
        until = time.thread_time() + self.cost_s
        while time.thread_time() < until:
            pass
        if self.path in ("/json", "/nested"):
            import json
            json.loads(body)["answer"]
        return "right" if status == 200 and body[:2] == b"ok" else "wrong"
"""
EXAM = """
import json
def split(body):
    return json.loads(body)["value"], "seen"
"""
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx-served-by: a-1\r\n\r\nok"


class Server:
    """Threads on a listening socket. `stall` is (from, until) in time.time(): answers due in it wait for its end."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.stall = (0.0, 0.0)
        self.heads: list[bytes] = []
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        rest = b""
        try:
            while True:
                while b"\r\n\r\n" not in rest:
                    data = connection.recv(65536)
                    if not data:
                        return
                    rest += data
                head, rest = rest.split(b"\r\n\r\n", 1)
                self.heads.append(head)
                for line in head.lower().split(b"\r\n"):
                    if line.startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                        while len(rest) < length:
                            rest += connection.recv(65536)
                        rest = rest[length:]
                start, until = self.stall
                if start <= time.time() < until:
                    time.sleep(until - time.time())
                path = head.split(b" ", 2)[1].decode().strip("/").split("?")[0].replace("-", "_")
                if getattr(self, "path_" + path)(connection) is False:
                    return
        except OSError:
            return
        finally:
            connection.close()

    def path_ok(self, c: socket.socket) -> None:
        c.sendall(OK)

    def path_wrong(self, c: socket.socket) -> None:
        c.sendall(OK[:-2] + b"no")

    def path_redirect(self, c: socket.socket) -> None:
        c.sendall(b"HTTP/1.1 302 Found\r\nlocation: /ok\r\ncontent-length: 0\r\n\r\n")

    def path_silent(self, c: socket.socket) -> None:
        time.sleep(30)

    def path_trickle(self, c: socket.socket) -> None:
        c.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
        while True:
            c.sendall(b"x")
            time.sleep(0.05)

    def path_head_trickle(self, c: socket.socket) -> None:
        c.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            c.sendall(b"x: y\r\n")
            time.sleep(0.05)

    def path_endless(self, c: socket.socket) -> None:
        c.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            c.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")

    def path_endless_head(self, c: socket.socket) -> None:
        c.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            c.sendall(b"a: " + b"x" * 65536)

    def path_eof(self, c: socket.socket) -> bool:
        return False

    def path_short(self, c: socket.socket) -> bool:
        c.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nok")
        return False

    def path_until_close(self, c: socket.socket) -> bool:
        c.sendall(b"HTTP/1.1 200 OK\r\n\r\nok")
        return False

    def path_reset(self, c: socket.socket) -> bool:
        c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        return False

    def path_garbage(self, c: socket.socket) -> None:
        c.sendall(b"\xff\xfe\x00 not HTTP at all\r\n\r\n" * 4)

    def path_bad_utf8(self, c: socket.socket) -> None:
        c.sendall(b"HTTP/1.1 200 OK\r\nx-served-by: \xff\xfe" + b"z" * 500 + b"\r\ncontent-length: 2\r\n\r\n\xff\xfe")

    def path_json(self, c: socket.socket) -> None:
        body = b"[" * 100_000
        c.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)

    def path_nested(self, c: socket.socket) -> None:
        body = b"[" * 50_000
        c.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)

    def path_costly(self, c: socket.socket) -> None:
        body = b"ok" * 10_000
        c.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)

    def path_tempo(self, c: socket.socket) -> None:
        c.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n1.25 2.50")

    def path_value(self, c: socket.socket) -> None:
        c.sendall(b'HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n{"value": 0.5}')

    def path_closing(self, c: socket.socket) -> bool:
        """Promises keep-alive and closes all the same, a moment later."""
        c.sendall(OK)
        time.sleep(0.03)
        return False


def plan(folder: Path, address: str, *, seconds: float = 0.5, rate: float = 20.0, **parameters: Any) -> dict[str, Any]:
    """A plan of one trial; `start_at` comes over stdin."""
    (folder / "load.py").write_text(LOAD)
    (folder / "exam.py").write_text(EXAM)
    trial = {
        "id": "wrong.0",
        "load_file": str(folder / "load.py"),
        "parameters": parameters,
        "seed": 7,
        "addresses": {"gateway:8080": address},
        "phases": [{"phase": "only", "start": 0.0, "seconds": seconds, "rate": rate}],
        "out": str(folder / "events.jsonl"),
    }
    return {"trials": [trial]}


def launch(folder: Path, order: dict[str, Any]) -> subprocess.Popen[str]:
    """The generator, imported and waiting for `go`."""
    path = folder / "plan.json"
    path.write_text(json.dumps(order))
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-m", "grader.load", str(path)], text=True, **pipes)  # type: ignore


def go(process: subprocess.Popen[str], **line: Any) -> float:
    """Wait until it is ready and start it; trial time 0 in epoch seconds."""
    assert process.stdout and process.stdin
    assert json.loads(process.stdout.readline()) == {"ready": True}
    start_at = time.time() + 0.2
    process.stdin.write(json.dumps({"start_at": start_at, **line}) + "\n")
    process.stdin.flush()
    return start_at


def run(folder: Path, order: dict[str, Any]) -> list[dict[str, Any]]:
    """Run a plan to its end; the events of its first trial, footer last."""
    process = launch(folder, order)
    go(process)
    _, errors = process.communicate(timeout=110)
    assert process.returncode == 0, errors
    return events(Path(order["trials"][0]["out"]))


def events(path: Path) -> list[dict[str, Any]]:
    """Every line of an event file; fails on a torn one."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
