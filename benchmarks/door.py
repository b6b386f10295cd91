"""What a casebook's door costs on streams: `.venv/bin/python -m benchmarks.door [--write]`.

Streams of 15 chunks, half of them straight from a service and half through a door before it, in turns, so both meet the
same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

import psutil

from benchmarks.machine import ROOT, in_use, made_by, main
from benchmarks.tables import publish, table
from infra.common.ports import free_ports
from infra.images.venvs import environment

PER_SECOND, SECONDS = 60, 20
CHUNKS, CHUNK_S, BYTES = 15, 0.023, 120
WITHIN_S = 30.0
SERVICE = f"""
import asyncio, sys
from common.serve import serve
async def app(scope, receive, send):
    await receive()
    await send({{"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]}})
    for n in range({CHUNKS}):
        await asyncio.sleep({CHUNK_S})
        await send({{"type": "http.response.body", "body": b"data: " + b"x" * {BYTES} + b"\\n\\n", "more_body": True}})
    await send({{"type": "http.response.body", "body": b""}})
serve({{sys.argv[1]: app}})
"""
WORLD = """
class World:
    lanes = ()
    def __init__(self, plan, door): pass
    async def play(self, lane, on): pass
"""


class Stream(NamedTuple):
    """A stream, in seconds: until its first chunk, until its end, and the longest gap between two chunks."""

    first: float
    whole: float
    gap: float


@contextmanager
def running(*command: object, **settings: str) -> Iterator[psutil.Process]:
    """A process of the image core."""
    library = str(ROOT / "labs" / "cast" / "lib")
    python = environment("core") / "bin" / "python"
    env = {**os.environ, "PYTHONPATH": library, **settings}
    process = subprocess.Popen([python, *map(str, command)], env=env)
    try:
        yield psutil.Process(process.pid)
    finally:
        process.kill()
        process.wait()


async def stream(port: int) -> Stream:
    """One, on a connection of its own."""
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /v1/drafts HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}")
    came: list[float] = []
    while data := await reader.read(1 << 16):
        came += [time.perf_counter() - began] * (b"data:" in data)
    writer.close()
    return Stream(came[0], came[-1], max(b - a for a, b in zip(came, came[1:], strict=False)))


async def load(ports: tuple[int, int]) -> list[list[Stream]]:
    """Streams at even distances, to one port and the other in turns, twice the rate in all."""
    tasks: tuple[list[asyncio.Task[Stream]], ...] = ([], [])
    began = time.perf_counter()
    for n in range(2 * PER_SECOND * SECONDS):
        await asyncio.sleep(max(0.0, began + n / (2 * PER_SECOND) - time.perf_counter()))
        tasks[n % 2].append(asyncio.create_task(stream(ports[n % 2])))
    return [await asyncio.gather(*each) for each in tasks]


async def ready(port: int) -> None:
    """Wait until somebody listens."""
    give_up = time.monotonic() + WITHIN_S
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        except OSError:
            if time.monotonic() > give_up:
                raise
            await asyncio.sleep(0.05)


async def play(service: int, door: int) -> list[list[Stream]]:
    """The load, once both listen."""
    for port in (service, door):
        await ready(port)
    return await load((service, door))


def measured() -> str:
    """The table."""
    service, door, control = free_ports(3, ())
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "world.py").write_text(WORLD)
        plan = Path(folder, "plan.json")
        plan.write_text(json.dumps({"seed": 1, "cases": [{"id": "a"}]}))
        rules = json.dumps([{"prefix": "/v1", "to": f"http://127.0.0.1:{service}"}])
        settings = {"LISTEN": f"127.0.0.1:{door}", "CONTROL": f"127.0.0.1:{control}", "DOOR": rules}
        settings |= {"WORLD": folder, "PLAN": str(plan), "BROWNOUT_TOKEN": "a-token"}
        with (
            running("-c", SERVICE, f"127.0.0.1:{service}"),
            running("-m", "casebook_door", **settings) as process,
        ):
            before = sum(process.cpu_times()[:2])
            both = asyncio.run(play(service, door))
            used, memory = sum(process.cpu_times()[:2]) - before, process.memory_info().rss
    rows = [[name, *_times(streams)] for name, streams in zip(("straight", "by the door"), both, strict=True)]
    many = PER_SECOND * SECONDS
    rows.append([f"of a core, for the door: {used / SECONDS:.3f}, {1000 * used / many:.1f} ms a stream", *[""] * 6])
    rows.append([f"MB of it: {memory / 1e6:.0f}", *[""] * 6])
    head = ["", "first chunk p50 ms", "p99", "whole p50 ms", "p99", "longest gap p50 ms", "p99"]
    return table([f"{PER_SECOND} streams a second of {CHUNKS} chunks", *head[1:]], rows)


def _times(streams: list[Stream]) -> list[str]:
    cells: list[str] = []
    for values in zip(*streams, strict=True):
        cut = quantiles(values, n=100)
        cells += [f"{1000 * cut[49]:.1f}", f"{1000 * cut[98]:.1f}"]
    return cells


def command() -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.door", description="What a casebook's door costs on streams.")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    options = parser.parse_args()
    above = made_by(["door"], in_use())
    publish("door", f"{above}\n\n{measured()}", options.write)
    return 0


if __name__ == "__main__":
    main(command)
