"""A fault proxy as a real process, servers to stand behind it, and clients in front of it."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from infra.images.venvs import environment
from tests.labs.ports import free_port
from tests.waiting import PATIENCE_S, answers, eventually

MAIN = Path(__file__).resolve().parents[3] / "labs" / "cast" / "fault-proxy" / "main.py"


@dataclass
class Upstream:
    """A server on a thread: `talk` is called with each connection, which is closed afterwards."""

    talk: Callable[[socket.socket], None]
    port: int = 0
    served: int = 0
    seen: list[bytes] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def run(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.served += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(PATIENCE_S)
            try:
                self.talk(connection)
            except OSError:
                return


@contextmanager
def upstream(talk: Callable[[socket.socket], None]) -> Iterator[Upstream]:
    """Serve for a while."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Upstream(talk, listener.getsockname()[1])
        thread = threading.Thread(target=server.run, args=(listener,), daemon=True)
        thread.start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(PATIENCE_S)


def echo(connection: socket.socket) -> None:
    """Send back what comes, until the end."""
    while data := connection.recv(1 << 16):
        connection.sendall(data)


def count(connection: socket.socket) -> None:
    """Read to the end, and only then answer with the number of bytes."""
    total = 0
    while data := connection.recv(1 << 20):
        total += len(data)
    connection.sendall(b"%d" % total)


def read_all(sock: socket.socket) -> bytes:
    """Everything until the other side ends."""
    parts = []
    while data := sock.recv(1 << 20):
        parts.append(data)
    return b"".join(parts)


def read_exactly(sock: socket.socket, size: int) -> bytes:
    """That many bytes, or fewer if the other side ends."""
    got = b""
    while len(got) < size and (data := sock.recv(size - len(got))):
        got += data
    return got


@dataclass(frozen=True)
class FaultProxy:
    """A running proxy process. `url` is its API."""

    url: str
    process: subprocess.Popen[bytes]
    client: httpx.Client

    def api(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return self.client.request(method, self.url + path, json=body)

    def make(self, name: str, to: str, **more: Any) -> int:
        """Make a proxy; its port."""
        made = self.api("POST", "/proxies", {"name": name, "listen": "127.0.0.1:0", "upstream": to, **more})
        assert made.status_code == 201, made.text
        return int(made.json()["listen"].rpartition(":")[2])

    def ledger(self, name: str) -> Any:
        return self.api("GET", "/ledger").json()["proxies"][name]

    def acts(self, name: str, toxic: str) -> Any:
        """The latest ledger entry of a toxic."""
        return [entry for entry in self.ledger(name)["toxics"] if entry["name"] == toxic][-1]


def command() -> list[str]:
    """What starts a proxy."""
    return [str(environment("core") / "bin" / "python"), str(MAIN)]


@contextmanager
def fault_proxy(**settings: str) -> Iterator[FaultProxy]:
    """Run a proxy for a while, with these environment variables."""
    control = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen(command(), env={**os.environ, "CONTROL": control, **settings})
    client = httpx.Client(timeout=PATIENCE_S, trust_env=False)

    def ready() -> bool:
        assert process.poll() is None, "the proxy ended"
        return answers(f"http://{control}/version", client)

    try:
        eventually(ready)
        yield FaultProxy(f"http://{control}", process, client)
    finally:
        client.close()
        process.kill()
        process.wait()


def connect(port: int) -> socket.socket:
    """A client's socket."""
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
