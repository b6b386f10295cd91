"""What the fault proxy costs while no toxic acts: `.venv/bin/python -m benchmarks.proxy [--write]`."""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psutil

from benchmarks.machine import ROOT, in_use, made_by, main
from benchmarks.tables import publish, table
from infra.common.ports import free_ports
from infra.images.venvs import environment

BYTES, BLOCK = 400_000_000, 1 << 20
TRIPS = 3000
WITHIN_S = 30.0


@contextmanager
def server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on threads; its port."""

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            talk(connection)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]


def echo(connection: socket.socket) -> None:
    """Send back what comes."""
    while data := connection.recv(1 << 16):
        connection.sendall(data)


def swallow(connection: socket.socket) -> None:
    """Read to the end, then answer with one byte."""
    buffer = bytearray(BLOCK)
    while connection.recv_into(buffer):
        pass
    connection.sendall(b".")


@contextmanager
def proxy(upstreams: list[int]) -> Iterator[tuple[psutil.Process, list[int]]]:
    """A proxy process before these ports; its own ports in the same order."""
    control, *listening = free_ports(1 + len(upstreams), ())
    proxies = [
        {"name": str(port), "listen": f"127.0.0.1:{port}", "upstream": f"127.0.0.1:{to}"}
        for port, to in zip(listening, upstreams, strict=True)
    ]
    main_py = ROOT / "labs" / "cast" / "fault-proxy" / "main.py"
    command = [str(environment("core") / "bin" / "python"), str(main_py)]
    settings = {"CONTROL": f"127.0.0.1:{control}", "PROXIES": json.dumps(proxies)}
    process = subprocess.Popen(command, env={**os.environ, **settings})
    try:
        connect(control).close()
        yield psutil.Process(process.pid), listening
    finally:
        process.kill()
        process.wait()


def connect(port: int) -> socket.socket:
    """A connection to a port on which somebody listens soon."""
    give_up = time.monotonic() + WITHIN_S
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=WITHIN_S)
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def rate(port: int) -> float:
    """Bytes a second of one connection that sends."""
    block = b"x" * BLOCK
    with connect(port) as sock:
        began = time.perf_counter()
        for _ in range(BYTES // BLOCK):
            sock.sendall(block)
        sock.shutdown(socket.SHUT_WR)
        sock.recv(1)
        return BYTES / (time.perf_counter() - began)


def trips(port: int) -> list[float]:
    """Milliseconds of each round trip of five bytes, one after another."""
    took = []
    with connect(port) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(TRIPS):
            began = time.perf_counter()
            sock.sendall(b"hello")
            sock.recv(5)
            took.append(1000 * (time.perf_counter() - began))
    return took


def measured() -> str:
    """The table."""
    with server(swallow) as sink, server(echo) as mirror, proxy([sink, mirror]) as (process, (to_sink, to_mirror)):
        before = sum(process.cpu_times()[:2])
        rows = []
        for name, sinking, mirroring in (("direct", sink, mirror), ("through the proxy", to_sink, to_mirror)):
            speed, took = rate(sinking) / 1e6, statistics.quantiles(trips(mirroring), n=100)
            rows.append([name, f"{speed:.0f}", f"{took[49]:.3f}", f"{took[98]:.3f}"])
        used, memory = sum(process.cpu_times()[:2]) - before, process.memory_info().rss
    rows.append(["CPU seconds and MB of the proxy meanwhile", f"{used:.2f}", f"{memory / 1e6:.0f}", ""])
    return table(["one connection", "MB/s", "round trip p50 ms", "p99 ms"], rows)


def command() -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.proxy", description="What the fault proxy costs without a toxic.")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    options = parser.parse_args()
    above = made_by(["proxy"], in_use())
    publish("proxy", f"{above}\n\n{measured()}", options.write)
    return 0


if __name__ == "__main__":
    main(command)
