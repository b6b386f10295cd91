"""One deadline for each request, whatever the other side sends. One that never ends shows as this suite's timeout."""

from __future__ import annotations

import contextlib
import itertools
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

import infra.k8s
from infra.common.exchange import answers, exchange

OK = b"HTTP/1.1 200 OK\r\n"
FOR_EVER: dict[str, Callable[[], Iterable[bytes]]] = {
    "continue": lambda: itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "status byte by byte": lambda: itertools.chain([b"HTTP/1.1 200 "], itertools.repeat(b"O")),
    "header byte by byte": lambda: itertools.chain([OK, b"x: "], itertools.repeat(b"x")),
    "nothing": lambda: (),
}


@contextlib.contextmanager
def serving(pieces: Callable[[], Iterable[bytes]]) -> Iterator[str]:
    """Answers each connection with these pieces, 20 ms apart, and leaves it open; gives the URL."""
    over = threading.Event()

    def answer(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            for piece in pieces():
                connection.sendall(piece)
                time.sleep(0.02)
            over.wait()

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=answer, args=(door.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}/"
        finally:
            over.set()
            door.shutdown(socket.SHUT_RDWR)


def in_a_pod(url: str) -> bool:
    """As the supervisor of a pod asks, which stands alone with the standard library."""
    code = f"import supervisor; print(supervisor.Supervisor.answers(None, {url!r}))"
    inside = Path(infra.k8s.__path__[0]) / "inside"
    said = subprocess.run([sys.executable, "-c", code], cwd=inside, capture_output=True, text=True, check=True)
    return said.stdout == "True\n"


@pytest.mark.timeout(30)
@pytest.mark.parametrize("ask", [answers, in_a_pod])
@pytest.mark.parametrize("kind", [kind for kind in FOR_EVER if kind != "header byte by byte"])
def test_a_page_that_never_ends_its_first_line_is_not_ready(ask: Callable[[str], bool], kind: str) -> None:
    with serving(FOR_EVER[kind]) as url:
        assert not ask(url)


@pytest.mark.timeout(30)
@pytest.mark.parametrize("ask", [answers, in_a_pod])
def test_a_page_whose_body_never_ends_is_ready(ask: Callable[[str], bool]) -> None:
    with serving(lambda: [OK + b"\r\n"]) as url:
        assert ask(url)


@pytest.mark.timeout(30)
@pytest.mark.parametrize("kind", FOR_EVER)
def test_an_exchange_ends_in_time(kind: str) -> None:
    with serving(FOR_EVER[kind]) as url, pytest.raises(TimeoutError, match="within 0.3 s"):
        exchange("GET", url, timeout_s=0.3)
