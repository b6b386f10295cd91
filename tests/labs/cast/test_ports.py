"""Ports whose calls take time, as a real process beside a casebook."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from port.costs import Cost, Part, Spent, divided, totals

from infra.images.venvs import environment
from tests.labs.cast.conftest import CAST, TOKEN
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

WORLD = """
from casebook.world import Call
from port.costs import Cost
from port.port import Port, Visit

class World:
    lanes = ()

    def __init__(self, plan):
        self.refused = []
        routes = {"POST /things/{count}": self.things, "GET /broken": self.broken}
        cost = Cost(call_s=0.1, row_s=0.01, connection_s=0.3)
        self.ports = {"shop": Port(routes, cost, by="x-who", most=2, refused=self.refused.append)}

    async def things(self, call, visit):
        count = int(call.path["count"])
        await visit.spend(count, {"odd": 1}, extra=0.05)
        return {"who": visit.caller, "count": count}

    async def broken(self, call, visit):
        await visit.spend()
        return call.json["nothing"]
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a port that takes 0.1 s a call, 0.01 s a row, 0.3 s a connection."""
    folder: Path = tmp_path_factory.mktemp("world")
    (folder / "world.py").write_text(WORLD)
    (folder / "plan.json").write_text(json.dumps({"seed": 1, "cases": [{"id": "a", "asked": {}}]}))
    public, control, port = free_port(), free_port(), free_port()
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(CAST / "lib"),
        "LISTEN": f"127.0.0.1:{public}",
        "CONTROL": f"127.0.0.1:{control}",
        "WORLD": str(folder),
        "PLAN": str(folder / "plan.json"),
        "PORTS": json.dumps({"shop": f"127.0.0.1:{port}"}),
        "BROWNOUT_TOKEN": TOKEN,
    }
    process = subprocess.Popen([environment("core") / "bin" / "python", "-m", "port"], env=env)
    try:
        eventually(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def timed(client: httpx.Client, path: str, who: str) -> tuple[float, httpx.Response]:
    begun = time.monotonic()
    found = client.post(path, headers={"x-who": who})
    return time.monotonic() - begun, found


def test_a_call_its_rows_and_a_new_connection_take_their_time(shop: str) -> None:
    with httpx.Client(base_url=shop) as client:
        first, found = timed(client, "/things/5", "ann")
        second, _ = timed(client, "/things/5", "ann")

    assert found.json() == {"who": "ann", "count": 5}
    assert 0.5 <= first < 0.75
    assert 0.2 <= second < 0.35
    said = httpx.get(f"{shop}/stats").json()["ann"]
    assert (said["calls"], said["rows"], said["connections"], said["refused"], said["odd"]) == (2, 10, 1, 0, 2)
    assert said["seconds"].keys() == {"connection", "call", "rows", "extra"}
    assert said["seconds"]["connection"] == pytest.approx(0.3, abs=0.1)
    assert said["busy_s"] == pytest.approx(sum(said["seconds"].values()), abs=0.01)


def test_a_caller_has_so_many_calls_at_a_time_and_others_have_theirs(shop: str) -> None:
    async def ask(who: str) -> tuple[int, str]:
        async with httpx.AsyncClient(base_url=shop) as client:
            found = await client.post("/things/1", headers={"x-who": who})
            return found.status_code, found.headers.get("retry-after", "")

    async def all_() -> list[tuple[int, str]]:
        return await asyncio.gather(*(ask(who) for who in ("bob", "bob", "bob", "cid")))

    found = asyncio.run(all_())

    assert sorted(found[:3]) == [(200, ""), (200, ""), (429, "0")]
    assert found[3] == (200, "")
    said = httpx.get(f"{shop}/stats").json()
    assert (said["bob"]["calls"], said["bob"]["refused"], said["cid"]["refused"]) == (3, 1, 0)


def test_who_leaves_has_still_spent_it(shop: str) -> None:
    with pytest.raises(httpx.TimeoutException):
        httpx.post(f"{shop}/things/20", headers={"x-who": "dot"}, timeout=0.1)
    time.sleep(0.9)

    said = httpx.get(f"{shop}/stats").json()["dot"]
    assert (said["calls"], said["rows"]) == (1, 20)
    assert said["busy_s"] >= 0.6


@pytest.mark.parametrize(
    ("method", "path", "who", "status"),
    [("POST", "/things/1", "", 422), ("POST", "/things/x", "eve", 422), ("GET", "/broken", "eve", 422),
     ("GET", "/things/1", "eve", 405), ("GET", "/nothing", "eve", 404)],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(shop: str, method: str, path: str, who: str, status: int) -> None:
    headers = {"x-who": who} if who else {}

    assert httpx.request(method, shop + path, headers=headers).status_code == status


def test_what_passed_is_divided_by_what_was_to_take_it() -> None:
    parts = divided(10.0, 12.0, Cost(call_s=0.5, row_s=0.1).of(0, {"extra": 0.5}))

    assert parts == [Part("call", 10.0, 11.0), Part("extra", 11.0, 12.0)]


def test_totals_count_calls_under_way_too() -> None:
    calls: list[Any] = [
        Spent("a", 0.0, [Part("connection", 0.0, 1.0), Part("call", 1.0, 1.5)], 3, {"odd": 2}, 200),
        Spent("a", 2.0),
        Spent("a", 2.0, status=429),
    ]

    assert totals(calls) == {
        "calls": 3, "rows": 3, "connections": 1, "refused": 1, "odd": 2, "busy_s": 1.5,
        "seconds": {"connection": 1.0, "call": 0.5},
    }  # fmt: skip
