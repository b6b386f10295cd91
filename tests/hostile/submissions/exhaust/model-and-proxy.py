# tries: sends the sealed model, library, proxy and store headers and bodies without end, so that one of them ends
# ends: fail objective-missed
# lab: rag-chaos
import os
import socket
import time

from attempts import attempt, later, say

DOORS = [("llm", 8000), ("llm", 9000), ("library", 7000), ("library", 9000), ("proxy", 8474), ("proxy", 5432)]
HARMS = [
    (b"POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\n", b"x-more: of the same\r\n" * 1000),
    (b"POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nx-long: ", b"y" * 20_000),
    (b"POST /v1/embeddings HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n", b"1\r\nz\r\n" * 3000),
    (b"POST /v1/embeddings HTTP/1.1\r\nhost: a\r\ncontent-length: 999999999\r\n\r\n", b"[" * 20_000),
    (b"POST /" + b"a" * 60_000, b"b" * 20_000),
    (b"\x00\x00\x00\x08\x04\xd2\x16\x2f", b"\x7f\xff\xff\xff" * 5000),
]
MOST = 16 << 20


def poured(door, begin, again):
    """Bytes that are taken; a door that is closed in our face has held."""
    taken = len(begin)
    with socket.create_connection(door, timeout=2) as to:
        to.sendall(begin)
        while taken < MOST:
            to.sendall(again)
            taken += len(again)
    say(f"TRIED {door}: took {taken >> 20} MiB")


def gone(door):
    """Whether nobody has answered there for seconds."""
    for _ in range(10):
        try:
            with socket.create_connection(door, timeout=5):
                return False
        except OSError:
            time.sleep(0.5)
    return True


def run():
    for begin, again in HARMS:
        for door in DOORS:
            attempt(f"{door[0]}:{door[1]} with {begin[:30]!r}", lambda: poured(door, begin, again))
    attempt("any of them is gone", lambda: [door for door in DOORS if gone(door)])


if os.environ.get("STORE"):
    later(run, 2.0)
