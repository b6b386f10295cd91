"""How well the generator keeps its schedule, and what closed-loop tools make of a stall.

    .venv/bin/python -m benchmarks.load [--seconds 10] [--write]

Prints two Markdown tables. Needs `hey` and `wrk` for their rows; leaves those out that are not installed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.machine import in_use, made_by, main
from benchmarks.tables import publish
from grader.load.plan import PlannedPhase
from grader.load.schedule import schedule

RATE = 100
SLOW_S = 0.5
STALL_S = 2.0
ECHO = """
import asyncio, sys, time
stall = [0.0, 0.0]
class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.buffer = transport, b""
    def data_received(self, data):
        *heads, self.buffer = (self.buffer + data).split(b"\\r\\n\\r\\n")
        for head in heads:
            if head.startswith(b"GET /stall?"):
                words = head.split(b" ")[1].partition(b"?")[2].split(b",")
                stall[:] = [float(words[0]), float(words[1])]
            wait = stall[1] - time.time() if stall[0] <= time.time() < stall[1] else 0
            if wait > 0:
                asyncio.get_running_loop().call_later(wait, self.answer)
            else:
                self.answer()
    def answer(self):
        self.transport.write(b"HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nok")
async def main():
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.sleep(3600)
asyncio.run(main())
"""
LOAD = """
from grader.load import Request
class Traffic:
    target = "http://echo:80"
    def __init__(self, parameters, seed): pass
    def request(self, n): return Request("GET", "/", "echo")
    def check(self, request, status, headers, body): return "right" if body == b"ok" else "wrong"
"""
CLOSED = """
import gevent, json, sys
from locust import FastHttpUser, constant_throughput, task
from locust.env import Environment
host, seconds, users, rate = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
took = []
class Closed(FastHttpUser):
    wait_time = constant_throughput(rate / users)
    @task
    def ask(self): self.client.get("/")
environment = Environment(user_classes=[Closed], host=host)
environment.events.request.add_listener(lambda response_time, **rest: took.append(response_time / 1000))
runner = environment.create_local_runner()
runner.start(users, spawn_rate=users)
gevent.sleep(seconds)
runner.quit()
print(json.dumps(took))
"""


class Echo:
    """An echo server in a process of its own that can be told to stall."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", ECHO], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.address = f"127.0.0.1:{self.process.stdout.readline().strip()}"

    def stall(self, begin: float, end: float) -> None:
        """Answer nothing from `begin` to `end`, seconds since the epoch."""
        import urllib.request

        urllib.request.urlopen(f"http://{self.address}/stall?{begin},{end}").read()

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()


def ours(echo: Echo, seconds: float, rate: float, start_at: float) -> list[dict[str, Any]]:
    """The generator's events; the echo is reached from `start_at` on."""
    folder = Path(tempfile.mkdtemp())
    (folder / "load.py").write_text(LOAD)
    trial = {
        "id": "echo.0",
        "load_file": str(folder / "load.py"),
        "seed": 1,
        "addresses": {"echo:80": echo.address},
        "phases": [{"phase": "all", "start": 0, "seconds": seconds, "rate": rate}],
        "out": str(folder / "events.jsonl"),
    }
    (folder / "plan.json").write_text(json.dumps({"start_at": start_at, "trials": [trial]}))
    subprocess.run([sys.executable, "-m", "grader.load", str(folder / "plan.json")], check=True, stdout=subprocess.PIPE)
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()][:-1]


def at(values: list[float], share: float) -> float:
    """The value below which this share lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _three(values: list[float]) -> str:
    return " / ".join(f"{x * 1000:.2f} ms" for x in (at(values, 0.5), at(values, 0.99), max(values)))


def lateness(seconds: float) -> str:
    """Table of lateness at 1,000 requests/s."""
    echo = Echo()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    others = in_use()
    events = ours(echo, seconds, 1000, time.time() + 3)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    echo.close()
    late = [e["sent"] - e["due"] for e in events]
    took = [e["done"] - e["due"] for e in events if e["done"] is not None]
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    rows = [
        ("requests sent / scheduled", f"{len(events):,} / {int(1000 * seconds):,}"),
        ("answered right", f"{sum(e['answer'] == 'right' for e in events):,}"),
        (
            "lateness p50 / p99 / max",
            _three(late),
        ),
        (
            "latency p50 / p99 / max",
            _three(took),
        ),
        ("CPU of the generator, import and start included", f"{cpu:.2f} s = {cpu / seconds:.2f} cores"),
        ("cores in use by others before", f"{others:.0%} of {os.cpu_count()}"),
    ]
    return "\n".join(["| 1,000 requests/s against an echo | |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)])


def closed(echo: Echo, seconds: float) -> list[float]:
    """Seconds that a closed-loop Locust of 10 users reports for each request."""
    command = [sys.executable, "-c", CLOSED, f"http://{echo.address}", str(seconds), "10", str(RATE)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    took: list[float] = json.loads(done.stdout)
    return took


def hey(echo: Echo, seconds: float) -> list[float]:
    """Seconds that hey reports for each request, 10 workers at 10 requests/s each."""
    command = ["hey", "-z", f"{seconds}s", "-c", "10", "-q", str(RATE / 10), "-o", "csv", f"http://{echo.address}/"]
    rows = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    return [float(row.split(",")[0]) for row in rows]


def wrk(echo: Echo, seconds: float) -> tuple[int, float]:
    """Requests and p99 in seconds of wrk, which has no rate: 10 connections as fast as they are answered."""
    command = ["wrk", "-t1", "-c10", f"-d{int(seconds)}s", "--latency", f"http://{echo.address}/"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    count = re.search(r"(\d+) requests in", text)
    assert found and count, text
    return int(count[1]), float(found[1]) * {"us": 1e-6, "ms": 1e-3, "s": 1.0}[found[2]]


def stalled(seconds: float, tool: str) -> dict[str, Any]:
    """One tool against an echo of its own that stalls once, 2 s long, in the middle."""
    echo = Echo()
    lead = 4.0 if tool in ("ours", "locust") else 0.5
    start = time.time() + lead
    echo.stall(start + seconds / 2 - STALL_S / 2, start + seconds / 2 + STALL_S / 2)
    try:
        if tool == "ours":
            events = ours(echo, seconds, RATE, start)
            return {"took": [(e["done"] if e["done"] is not None else 1e9) - e["due"] for e in events]}
        time.sleep(max(0.0, start - time.time() - (2.0 if tool == "locust" else 0.0)))
        if tool == "wrk":
            return {"wrk": wrk(echo, seconds)}
        return {"took": closed(echo, seconds) if tool == "locust" else hey(echo, seconds)}
    finally:
        echo.close()


def truth(seconds: float) -> tuple[int, float, float]:
    """Arrivals, slow share and p99 by arithmetic: who is due `x` seconds before the stall's end waits `x`."""
    end = seconds / 2 + STALL_S / 2
    due = [a.due for a in schedule([PlannedPhase(phase="all", start=0, seconds=seconds, rate=RATE)], 1)]
    waits = [max(0.0, end - d) if end - STALL_S <= d else 0.0 for d in due]
    return len(due), sum(w > SLOW_S for w in waits) / len(due), at(waits, 0.99)


def comparison(seconds: float) -> str:
    """Table of what each tool reports of the same stall, all running at the same time."""
    tools = ["ours", "locust", *(tool for tool in ("hey", "wrk") if shutil.which(tool))]
    with ThreadPoolExecutor(len(tools)) as pool:
        found = dict(zip(tools, pool.map(partial(stalled, seconds), tools), strict=True))
    names = {
        "ours": "grader.load (open loop)",
        "locust": "Locust, 10 constant_throughput users",
        "hey": "hey -c 10 -q 10",
        "wrk": "wrk -c 10 (no rate)",
    }
    lines = [
        f"| {RATE} requests/s for {seconds:g} s, one stall of {STALL_S:g} s | requests | over {SLOW_S:g} s | p99 |",
        "|---|---|---|---|",
    ]
    for tool in tools:
        if tool == "wrk":
            count, p99 = found["wrk"]["wrk"]
            lines.append(f"| {names[tool]} | {count:,} | not reported (at most 10) | {p99:.3f} s |")
        else:
            took = found[tool]["took"]
            slow = sum(t > SLOW_S for t in took) / len(took)
            lines.append(f"| {names[tool]} | {len(took):,} | {slow:.1%} | {at(took, 0.99):.3f} s |")
    count, share, p99 = truth(seconds)
    return "\n".join([*lines, f"| **true, by arrival arithmetic** | {count:,} | **{share:.1%}** | **{p99:.3f} s** |"])


def command() -> int:
    """Measure and print both tables; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.load", description="How well the generator keeps its schedule.")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--write", action="store_true", help="put the tables into benchmarks/README.md")
    options = parser.parse_args()
    above = made_by(["load", "--seconds", f"{options.seconds:g}"], in_use())
    publish("load", "\n\n".join([above, lateness(options.seconds), comparison(options.seconds)]), options.write)
    return 0


if __name__ == "__main__":
    main(command)
