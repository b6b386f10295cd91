"""What partners and a collector cost beside each other: `.venv/bin/python -m benchmarks.tickets [--write]`.

Two systems at once, as an exam has two trials. In each come 30 tickets a second by the door; a stand-in for a
candidate's services answers 202, calls four partners one after the other, and sends five spans a ticket. Then each
ticket is asked about: it is right when its trace is whole, around the calls that the partners wrote down.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
import psutil

from benchmarks.door import ready, running
from benchmarks.machine import ROOT, in_use, made_by, main
from benchmarks.tables import publish, table
from grader.labkit import import_file
from infra.common.ports import free_ports

PER_SECOND, SECONDS, CALL_S = 30, 15, 0.06
PARTNERS = ("scan", "embed", "classify", "archive")
TOKEN = "a-token"
TICKETS = import_file(ROOT / "labs" / "cast" / "lib" / "common" / "tickets.py")
BEARER = {"authorization": f"Bearer {TOKEN}"}
PIPELINE = """
import asyncio, json, os, secrets, time
from casebook.client import ask
from casebook_door.upstream import Upstream
from common.serve import serve

PARTNERS, COLLECTOR = json.loads(os.environ["TO"]), os.environ["COLLECTOR"]
spans, done, tasks = [], {}, set()

def span(trace, id, parent, name, begun):
    times = {"startTimeUnixNano": str(int(begun * 1e9)), "endTimeUnixNano": str(time.time_ns())}
    spans.append({"traceId": trace, "spanId": id, "parentSpanId": parent, "name": name, "kind": 3, **times})

async def work(ticket, trace):
    root, begun = secrets.token_hex(8), time.time()
    for name, port in PARTNERS.items():
        id, at = secrets.token_hex(8), time.time()
        head = [(b"host", b"x"), (b"x-request-id", ticket.encode()), (b"traceparent", f"00-{trace}-{id}-01".encode())]
        head.append((b"content-type", b"application/json"))
        upstream = await Upstream.opened(("127.0.0.1", port), "POST", "/work", head, b"{}")
        await upstream.head()
        [part async for part in upstream.parts()]
        upstream.end()
        span(trace, id, root, name, at)
        done[name] = done.get(name, 0) + 1
    span(trace, root, "", "ticket", begun)

async def export():
    while True:
        await asyncio.sleep(0.3)
        if spans:
            batch = [spans.pop() for _ in range(len(spans))]
            await ask(COLLECTOR, "POST", "/v1/traces", {"resourceSpans": [{"scopeSpans": [{"spans": batch}]}]})

async def app(scope, receive, send):
    if not tasks:
        tasks.add(asyncio.create_task(export()))
    await receive()
    body = b"{}"
    head = []
    if scope["path"].startswith("/metrics"):
        each = [(name, number) for name in PARTNERS for number in range(20)]
        lines = [f'tickets_total{{stage="{name}",tenant="t{number}"}} {done.get(name, 0)}' for name, number in each]
        body = ("\\n".join(lines) + "\\n").encode()
    elif scope["method"] == "POST":
        ticket, trace = dict(scope["headers"])[b"x-ticket"].decode(), secrets.token_hex(16)
        head = [(b"x-trace-id", trace.encode())]
        task = asyncio.create_task(work(ticket, trace))
        tasks.add(task)
    head.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 202 if head[1:] else 200, "headers": head})
    await send({"type": "http.response.body", "body": body})

serve({os.environ["LISTEN"]: app})
"""
WORLD = """
import asyncio, os
from casebook.world import in_lanes
from casebook_door.sealed import read

class World:
    def __init__(self, plan, telemetry):
        self.lanes, self.telemetry, self.rows = in_lanes(plan["cases"], 450), telemetry, {}
        self.reading, self.next = asyncio.Lock(), 0

    async def calls(self, id):
        async with self.reading:
            while len(self.rows.get(id, ())) < 4:
                page = await read(os.environ["PARTNERS_AT"], f"/ledger/calls?since={self.next}")
                for row in page["calls"]:
                    self.rows.setdefault(row["id"], []).append(row)
                self.next = page["next"]
                await asyncio.sleep(0.05)
        return self.rows[id]

    async def play(self, lane, on):
        for case in lane:
            [call] = await self.telemetry.door.heard(case["id"])
            await asyncio.sleep(2.5)
            spans = {span.id: span for span in self.telemetry.traces.trace(call.answered["x-trace-id"])}
            rows = await self.calls(case["id"])
            around = [spans[row["span"]].start - 0.15 <= row["begun"] for row in rows if row["span"] in spans]
            on.tell(case["id"], "whole", "right" if len(spans) == 5 and around == [True] * 4 else "wrong", len(spans))
"""


class System:
    """One trial's: where it is reached, and its sealed processes."""

    def __init__(self, folder: Path, name: str) -> None:
        ports = free_ports(5 + len(PARTNERS), ())
        self.door, self.control, self.otlp, self.partners, self.pipeline = ports[:5]
        self._ports = dict(zip(PARTNERS, ports[5:], strict=True))
        self.folder, self.tickets = folder, [f"{name}-{n}" for n in range(PER_SECOND * SECONDS)]
        self.plan = {"seed": name, "cases": [{"id": ticket, "asked": {"whole": 1}} for ticket in self.tickets]}
        self.took: list[float] = []

    @contextmanager
    def running(self) -> Iterator[dict[str, psutil.Process]]:
        """Its processes; the sealed ones by name."""
        (self.folder / "world.py").write_text(WORLD)
        (self.folder / "plan.json").write_text(json.dumps({"seed": 1, "cases": [{"id": "a"}]}))
        said = [
            {"name": name, "listen": f"127.0.0.1:{port}", "kind": "call", "seconds": CALL_S}
            for name, port in self._ports.items()
        ]
        partners = {"PARTNERS": json.dumps(said), "CONTROL": f"127.0.0.1:{self.partners}"}
        door = [{"prefix": "/v1", "to": f"http://127.0.0.1:{self.pipeline}", "by": "x-ticket"}]
        targets = {name: f"http://127.0.0.1:{self.pipeline}/metrics/{name}" for name in PARTNERS}
        collector = {"LISTEN": f"127.0.0.1:{self.door}", "CONTROL": f"127.0.0.1:{self.control}"}
        collector |= {"OTLP": f"127.0.0.1:{self.otlp}", "DOOR": json.dumps(door), "SCRAPE": json.dumps(targets)}
        collector |= {"WORLD": str(self.folder), "PLAN": str(self.folder / "plan.json")}
        collector |= {"PARTNERS_AT": f"http://127.0.0.1:{self.partners}"}
        pipeline = {"LISTEN": f"127.0.0.1:{self.pipeline}", "TO": json.dumps(self._ports)}
        pipeline |= {"COLLECTOR": f"http://127.0.0.1:{self.otlp}"}
        secret = {"BROWNOUT_TOKEN": TOKEN}
        with (
            running("-m", "partner_ports", **partners, **secret) as sealed,
            running("-m", "collector", **collector, **secret) as other,
            running("-c", PIPELINE, **pipeline),
        ):
            yield {"partners": sealed, "collector": other}

    async def play(self, client: httpx.AsyncClient) -> list[str]:
        """Send all tickets, then ask about each; the words."""
        for port in (self.door, self.pipeline, *self._ports.values()):
            await ready(port)
        at = f"http://127.0.0.1:{self.control}"
        (await client.post(f"{at}/behave", json={"delay_s": 0.4}, headers=BEARER)).raise_for_status()
        (await client.post(f"{at}/plan", json=self.plan, headers=BEARER)).raise_for_status()
        began, sent = time.perf_counter(), []
        for n, ticket in enumerate(self.tickets):
            await asyncio.sleep(max(0.0, began + n / PER_SECOND - time.perf_counter()))
            sent.append(asyncio.create_task(self._send(client, ticket)))
        await asyncio.gather(*sent)
        return list(await asyncio.gather(*(self._asked(client, n) for n in range(len(self.tickets)))))

    async def calls(self, client: httpx.AsyncClient) -> list[float]:
        """What each call of a partner took there, in seconds."""
        rows: list[dict[str, Any]] = []
        page: dict[str, Any] = {"calls": [{}], "next": 0}
        while page["calls"]:
            url = f"http://127.0.0.1:{self.partners}/ledger/calls?since={page['next']}"
            page = (await client.get(url, headers=BEARER)).json()
            rows += page["calls"]
        return [row["ended"] - row["begun"] for row in rows]

    async def _send(self, client: httpx.AsyncClient, ticket: str) -> None:
        began = time.perf_counter()
        url = f"http://127.0.0.1:{self.door}/v1/tickets"
        got = await client.post(url, json={"text": "x" * 300}, headers={"x-ticket": ticket})
        assert got.status_code == 202, got.text
        self.took.append(time.perf_counter() - began)

    async def _asked(self, client: httpx.AsyncClient, n: int) -> str:
        name = TICKETS.ticket(self.plan["seed"], self.tickets[n], "whole", 0)
        return str((await client.get(f"http://127.0.0.1:{self.door}/outcomes/{name}")).json()["answer"])


async def play(systems: list[System]) -> list[tuple[list[str], list[float]]]:
    """Both at once: words, and the seconds of the partners' calls."""
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=None), trust_env=False) as client:
        words = await asyncio.gather(*(system.play(client) for system in systems))
        return [(words[n], await system.calls(client)) for n, system in enumerate(systems)]


def measured() -> str:
    """The table."""
    with ExitStack() as stack:
        folders = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(2)]
        systems = [System(folder, name) for folder, name in zip(folders, ("first", "second"), strict=True)]
        sealed = [stack.enter_context(system.running()) for system in systems]
        before, began = [_cpu(each) for each in sealed], time.monotonic()
        played = asyncio.run(play(systems))
        seconds = time.monotonic() - began
        rows = [
            [name, *_row(system, *of)] + _costs(processes, was, seconds)
            for name, system, of, processes, was in zip(
                ("first", "second"), systems, played, sealed, before, strict=True
            )
        ]
    head = ["two systems at once", "right", "202 p50 ms", "p99", "call over its sleep p50", "p99"]
    return table([*head, "core of partners", "of collector", "MB", "MB"], rows)


def _row(system: System, words: list[str], calls: list[float]) -> list[str]:
    took, over = quantiles(system.took, n=100), quantiles([seconds / CALL_S for seconds in calls], n=100)
    cells = [f"{words.count('right')} of {len(words)}"]
    return [*cells, f"{1000 * took[49]:.1f}", f"{1000 * took[98]:.1f}", f"{over[49]:.2f}", f"{over[98]:.2f}"]


def _cpu(processes: dict[str, psutil.Process]) -> dict[str, float]:
    return {name: sum(process.cpu_times()[:2]) for name, process in processes.items()}


def _costs(processes: dict[str, psutil.Process], before: dict[str, float], seconds: float) -> list[str]:
    used = _cpu(processes)
    cores = [f"{(used[name] - before[name]) / seconds:.3f}" for name in processes]
    return [*cores, *(f"{process.memory_info().rss / 1e6:.0f}" for process in processes.values())]


def command() -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.tickets", description="What partners and a collector cost.")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    options = parser.parse_args()
    above = made_by(["tickets"], in_use())
    publish("tickets", f"{above}\n\n{measured()}", options.write)
    return 0


if __name__ == "__main__":
    main(command)
