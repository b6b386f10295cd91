"""`python -m grader.metronome`: a sealed echo on a free loopback port, whose answers tell how noisy the machine is.

Prints `{"port": N}` and answers every GET with 200, connections kept alive. Ends when its parent is gone. With
`--sound` it works on all cores at once first, three times, and says beside the port how much there is to have at the
least: `"room"`, in cores of the machine that the labs were measured on.

How long an echo takes tells of stalls. It does not tell of a machine with more work than cores: a process that mostly
sleeps is let run at once, and those that work wait for each other. So a second process works for WORK_S of CPU time
every EVERY_S, and the echo's body says of the last time two numbers: the *stretch*, seconds that it took, by WORK_S (1
is a core for it), and the *pace*, how much of that CPU time a piece of work took, by PIECE_S. A core that is slow, by
nature or because of what the other machines on its host do, has a pace above 1 and a stretch of 1. The piece is zlib's
work, for a loop in Python tells of how the interpreter was compiled as well (docs/adr/0022).
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hashlib
import json
import mmap
import os
import signal
import statistics
import struct
import sys
import time
import zlib
from collections.abc import Mapping
from typing import NamedTuple

from grader.lifeline import POLL_S, Lifeline

WORK_S, EVERY_S = 0.02, 0.3
PIECE_S = {"zlib": 47e-6, "zlib-ng": 30e-6}
"""CPU time of a piece of work, seconds, by the library that does it, near the best of a machine of the kind that the
labs were measured on: an EPYC at 2.4 GHz took 39 us, and 60 to 68 in the median of minutes in which its host was busy
(zlib-ng: 31, and 39 to 42)."""

SOUNDINGS, LOOKS = 10, 3
"""Turns of work on each core, a fifth of a second where nothing else runs; and how often. On a host with neighbours,
where the median was 1.5 cores, 30 % of 120 looks found 1.7, and 13 % of their 40 threes (docs/adr/0019)."""

MOST_CORES = 16

_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 17\r\n\r\n"
_MOST = 9999.0
_HEAD_CAP = 16 << 10


def _text() -> bytes:
    """20 kB of words that are always the same; a third is left when it is packed."""
    words = [bytes(97 + byte % 26 for byte in _drawn(number)[: 2 + number % 8]) for number in range(400)]
    return b" ".join(words[int.from_bytes(_drawn(number)[:2]) % len(words)] for number in range(4000))[:20000]


def _drawn(number: int) -> bytes:
    return hashlib.sha256(b"%d" % number).digest()


_PACKED = zlib.compress(_text(), 6)
_PIECE_S = PIECE_S["zlib-ng" if "zlib-ng" in zlib.ZLIB_RUNTIME_VERSION else "zlib"]


class Tempo(NamedTuple):
    """How a piece of work went; 1 and 1 until there was one."""

    stretch: float = 1.0
    pace: float = 1.0


class Latest:
    """The last tempo, which the working process writes and the echo reads."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 16)
        self.set(Tempo())

    def set(self, tempo: Tempo) -> None:
        """Write it."""
        self._shared[:16] = struct.pack("2d", *tempo)

    def get(self) -> Tempo:
        """Read it."""
        return Tempo(*struct.unpack("2d", self._shared[:16]))


def work(latest: Latest, parent: int) -> None:
    """Work and sleep by turns while the parent lives, and tell how the work went."""
    while os.getppid() == parent:
        latest.set(turn())
        time.sleep(EVERY_S)


def turn() -> Tempo:
    """Work for WORK_S of CPU time; how it went."""
    began, used, pieces, spent = time.monotonic(), time.process_time(), 0, 0.0
    while spent < WORK_S:
        zlib.decompress(_PACKED)
        pieces += 1
        spent = time.process_time() - used
    return Tempo((time.monotonic() - began) / spent, spent / pieces / _PIECE_S)


def cores() -> int:
    """How many cores are looked at."""
    return min(os.cpu_count() or 1, MOST_CORES)


def sound(count: int) -> float:
    """How much of so many cores is to be had now at the least, in cores of the machine that the labs were measured on:
    the lowest of LOOKS looks."""
    return min(_look(count) for _ in range(LOOKS))


def _look(count: int) -> float:
    """Each core works SOUNDINGS turns, all at once, and is worth what the median of its turns tells."""
    told = [Latest() for _ in range(count)]
    workers = [_forked(latest) for latest in told]
    for worker in workers:
        os.waitpid(worker, 0)
    return sum(1 / (stretch * pace) for stretch, pace in (latest.get() for latest in told))


def _forked(latest: Latest) -> int:
    worker = os.fork()
    if worker == 0:
        turns = [turn() for _ in range(SOUNDINGS)]
        latest.set(Tempo(*map(statistics.median, zip(*turns, strict=True))))
        os._exit(0)
    return worker


class Echo(asyncio.Protocol):
    """Answers each head it is sent; bodies are not expected."""

    def __init__(self, latest: Latest) -> None:
        self._latest = latest
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        *heads, self._buffer = (self._buffer + data).split(b"\r\n\r\n")
        stretch, pace = self._latest.get()
        answer = _HEAD + f"{min(stretch, _MOST):8.3f} {min(pace, _MOST):8.3f}".encode()
        self._transport.write(answer * len(heads))
        if len(self._buffer) > _HEAD_CAP:
            self._transport.abort()


async def serve(lifeline: Lifeline, latest: Latest, hello: Mapping[str, float]) -> None:
    """Say where, beside what `hello` says, and serve until the parent is gone or SIGTERM or SIGINT comes."""
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    loop.add_signal_handler(signal.SIGHUP, lambda: over.set() if lifeline.cut() else None)
    lifeline.ask_kernel()
    server = await loop.create_server(lambda: Echo(latest), "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1], **hello}), flush=True)
    gc.freeze()
    while not (over.is_set() or lifeline.cut()):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), POLL_S)
    server.close()


def main() -> None:
    """Fork the working process, and serve; it is ended with us, and ends by itself if we are killed."""
    lifeline, latest, parent = Lifeline(), Latest(), os.getpid()
    hello = {"room": sound(cores())} if "--sound" in sys.argv[1:] else {}
    worker = os.fork()
    if worker == 0:
        work(latest, parent)
        os._exit(0)
    try:
        asyncio.run(serve(lifeline, latest, hello))
    finally:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)


if __name__ == "__main__":
    main()
    sys.exit(0)
