"""`python -m grader.metronome`: a sealed echo on a free loopback port, whose answers tell how noisy the machine is.

Prints `{"port": N}` and answers every GET with 200, connections kept alive. Ends when its parent is gone.

How long an echo takes tells of stalls. It does not tell of a machine with more work than cores: a process that mostly
sleeps is let run at once, and those that work wait for each other. So a second process works for WORK_S of CPU time
every EVERY_S, and the echo's body is the *stretch* of the last time: seconds it took, by WORK_S. 1 is a core for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import mmap
import os
import signal
import struct
import sys
import time

from grader.lifeline import POLL_S, Lifeline

WORK_S, EVERY_S = 0.02, 0.3
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 8\r\n\r\n"
_HEAD_CAP = 16 << 10


class Stretch:
    """A number that the working process writes and the echo reads; 1 until it has worked once."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 8)
        self.set(1.0)

    def set(self, value: float) -> None:
        """Write it, in one piece."""
        self._shared[:8] = struct.pack("d", value)

    def get(self) -> float:
        """Read it."""
        return float(struct.unpack("d", self._shared[:8])[0])


def work(stretch: Stretch, parent: int) -> None:
    """Work and sleep by turns while the parent lives, and tell how the work went."""
    while os.getppid() == parent:
        began, used = time.monotonic(), time.process_time()
        while time.process_time() - used < WORK_S:
            sum(range(1000))
        stretch.set((time.monotonic() - began) / WORK_S)
        time.sleep(EVERY_S)


class Echo(asyncio.Protocol):
    """Answers each head it is sent; bodies are not expected."""

    def __init__(self, stretch: Stretch) -> None:
        self._stretch = stretch
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        *heads, self._buffer = (self._buffer + data).split(b"\r\n\r\n")
        answer = _HEAD + f"{min(self._stretch.get(), 9999.0):8.3f}".encode()
        self._transport.write(answer * len(heads))
        if len(self._buffer) > _HEAD_CAP:
            self._transport.abort()


async def serve(lifeline: Lifeline, stretch: Stretch) -> None:
    """Serve until the parent is gone or SIGTERM or SIGINT comes."""
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    loop.add_signal_handler(signal.SIGHUP, lambda: over.set() if lifeline.cut() else None)
    lifeline.ask_kernel()
    server = await loop.create_server(lambda: Echo(stretch), "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    gc.freeze()
    while not (over.is_set() or lifeline.cut()):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), POLL_S)
    server.close()


def main() -> None:
    """Fork the working process, and serve; it is ended with us, and ends by itself if we are killed."""
    lifeline, stretch, parent = Lifeline(), Stretch(), os.getpid()
    worker = os.fork()
    if worker == 0:
        work(stretch, parent)
        os._exit(0)
    try:
        asyncio.run(serve(lifeline, stretch))
    finally:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)


if __name__ == "__main__":
    main()
    sys.exit(0)
