"""`python -m grader.metronome`: a sealed echo on a free loopback port, whose answers tell how noisy the machine is.

Prints `{"port": N}` and answers every GET with 200 `ok`, connections kept alive. Ends when its parent is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import signal
import sys

from grader.lifeline import POLL_S, Lifeline

_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok"
_HEAD_CAP = 16 << 10


class Echo(asyncio.Protocol):
    """Answers each head it is sent; bodies are not expected."""

    def __init__(self) -> None:
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        *heads, self._buffer = (self._buffer + data).split(b"\r\n\r\n")
        self._transport.write(_ANSWER * len(heads))
        if len(self._buffer) > _HEAD_CAP:
            self._transport.abort()


async def serve(lifeline: Lifeline) -> None:
    """Serve until the parent is gone or SIGTERM or SIGINT comes."""
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    loop.add_signal_handler(signal.SIGHUP, lambda: over.set() if lifeline.cut() else None)
    lifeline.ask_kernel()
    server = await loop.create_server(Echo, "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    gc.freeze()
    while not (over.is_set() or lifeline.cut()):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), POLL_S)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(Lifeline()))
    sys.exit(0)
