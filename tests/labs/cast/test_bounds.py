"""What anybody may send to a sealed service: bodies as large as its readers allow, and little besides."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from infra.images.venvs import environment
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

LABS = Path(__file__).resolve().parents[3] / "labs"
ECHO = """
import sys
from common.serve import serve

async def echo(scope, receive, send):
    whole, more = 0, True
    while more:
        message = await receive()
        whole, more = whole + len(message.get("body", b"")), message.get("more_body", False)
    said = str(whole).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(said))]})
    await send({"type": "http.response.body", "body": said})

serve({sys.argv[1]: echo})
"""
HEAD = b"POST / HTTP/1.1\r\nhost: a\r\n"
MOST = 4 << 20


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, int, psutil.Process]]:
    port = free_port()
    process = subprocess.Popen(
        [str(environment("core") / "bin" / "python"), "-c", ECHO, f"127.0.0.1:{port}"], env=os.environ
    )
    try:
        eventually(lambda: answers(f"http://127.0.0.1:{port}/"))
        yield "127.0.0.1", port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(10)


def sent(server: tuple[str, int, psutil.Process], begin: bytes, again: bytes) -> int:
    """Bytes that are taken of a beginning and of what follows for ever, before the connection is closed."""
    with socket.create_connection(server[:2], timeout=10) as client:
        client.sendall(begin)
        block, taken = again * (1 + 4096 // len(again)), len(begin)
        try:
            while taken < MOST:
                client.sendall(block)
                taken += len(block)
        except OSError:
            pass
    return taken


@pytest.mark.parametrize(
    ("begin", "again"),
    [
        (HEAD, b"x-more: of the same\r\n"),
        (HEAD + b"x-long: ", b"y"),
        (b"POST /", b"long"),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n", b"1\r\nz\r\n"),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n", b"1;extension-of-it=" + b"e" * 100 + b"\r\nz\r\n"),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n0\r\n", b"x-trailer: of the same\r\n"),
        (b"GET / HTTP/1.1\r\nhost: a\r\n\r\n" + HEAD, b"x-more: of the same\r\n"),
    ],
    ids=["headers", "header", "path", "chunks", "extensions", "trailers", "second-request"],
)
def test_a_request_that_is_not_a_body_ends(server: tuple[str, int, psutil.Process], begin: bytes, again: bytes) -> None:
    before = server[2].memory_info().rss

    assert sent(server, begin, again) < MOST
    assert server[2].memory_info().rss - before < MOST
    assert answers(f"http://127.0.0.1:{server[1]}/")


def test_what_is_usual_is_taken(server: tuple[str, int, psutil.Process]) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{server[1]}", trust_env=False) as client:
        for size in (0, 1, 5_000, 1 << 21, 7):
            assert client.post("/", content=b"b" * size, headers={"x-a": "a" * 9000}).text == str(size)
            assert client.post("/", content=(b"p" * 4096 for _ in range(size >> 12))).text == str(size >> 12 << 12)


def test_many_small_requests_may_come_in_one_piece(server: tuple[str, int, psutil.Process]) -> None:
    with socket.create_connection(server[:2], timeout=10) as client:
        client.sendall(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n" * 2000)
        found = b""
        while found.count(b"200 OK") < 2000:
            assert (part := client.recv(1 << 16)), found[-200:]
            found += part


def test_requests_that_are_sent_ahead_wait_unread(server: tuple[str, int, psutil.Process]) -> None:
    """From twelve connections that read no answer, which took 20 MB of the service for each second of sending."""
    before = server[2].memory_info().rss
    ahead = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n" * 4000
    clients = [socket.create_connection(server[:2], timeout=0.3) for _ in range(12)]
    for client in clients * 3:
        with suppress(TimeoutError):
            client.sendall(ahead)

    assert answers(f"http://127.0.0.1:{server[1]}/")
    assert server[2].memory_info().rss - before < 24 << 20
    for client in clients:
        client.close()


def test_who_asks_too_often_waits_and_is_answered() -> None:
    """By the real protocol's own count, on a clock that does not wait."""
    code = """
import common.serve as serve
now = 0.0
serve.time.monotonic = lambda: now
peer = serve.Peer()
for _ in range(serve.AT_ONCE + serve.PER_SECOND // 2):
    peer.count()
assert 0.49 < peer.too_fast_s < 0.51, peer.too_fast_s
now = 0.6
assert peer.too_fast_s < 0
peer.count()
assert peer.too_fast_s <= 0
"""
    subprocess.run([str(environment("core") / "bin" / "python"), "-c", code], check=True, env=os.environ)


def test_no_sealed_service_listens_without_bounds() -> None:
    """Open services may listen as they like; so may what is no service."""
    found = [path for part in ("cast", "*/platform") for path in LABS.glob(f"{part}/**/*.py")]
    named = {path.relative_to(LABS).as_posix() for path in found if "import uvicorn" in path.read_text("utf-8")}

    assert named == {"cast/lib/common/serve.py"}
