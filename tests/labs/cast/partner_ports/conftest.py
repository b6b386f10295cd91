"""Partners as a real process."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx
import pytest

from infra.images.venvs import environment
from tests.labs.cast.conftest import CAST, TOKEN
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

KEY = "a-key-of-the-exam"
PARTNERS: list[dict[str, Any]] = [
    {"name": "scan", "kind": "call", "seconds": 0.02},
    {"name": "narrow", "kind": "call", "seconds": 0.2, "slots": 1},
    {"name": "claims", "kind": "queue", "seconds": 0},
    {"name": "again", "kind": "queue", "seconds": 0, "visible_s": 0.4},
    {"name": "reservations", "kind": "book", "seconds": 0.02, "key": "order", "item": "box"},
    {"name": "charges", "kind": "book", "seconds": 0.1, "key": "order"},
]
PLAN = {"key": KEY, "levels": {"reservations": {"b1": 3, "b2": 100}}, "refused": {"charges": {"card": ["bad"]}}}


class Running:
    """Where partners are."""

    def __init__(self) -> None:
        self.ports = {partner["name"]: f"127.0.0.1:{free_port()}" for partner in PARTNERS}
        self.control = f"127.0.0.1:{free_port()}"
        said = [{**partner, "listen": self.ports[partner["name"]]} for partner in PARTNERS]
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(CAST / "lib"), "BROWNOUT_TOKEN": TOKEN}
        env |= {"PARTNERS": json.dumps(said), "CONTROL": self.control}
        self.process = subprocess.Popen([environment("core") / "bin" / "python", "-m", "partner_ports"], env=env)
        self.client = httpx.Client(timeout=20, trust_env=False)
        for address in (self.control, *self.ports.values()):
            eventually(partial(answers, f"http://{address}/healthz", self.client))

    def stop(self) -> None:
        self.client.close()
        self.process.terminate()
        self.process.wait(20)

    def send(
        self, partner: str, method: str, path: str, body: Any = None, read_s: float = 20.0, **headers: str
    ) -> httpx.Response:
        """A call; `x_request_id="a"` is a header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        url = f"http://{self.ports[partner]}{path}"
        return self.client.request(method, url, content=content, headers=named, timeout=httpx.Timeout(20, read=read_s))

    def exam(self, path: str, body: Any = None, token: str = TOKEN) -> httpx.Response:
        """On the control port."""
        headers = {"authorization": f"Bearer {token}"}
        return self.client.request(
            "GET" if body is None else "POST", f"http://{self.control}{path}", json=body, headers=headers
        )

    def order(self, *faults: dict[str, Any]) -> None:
        """These faults act."""
        got = self.exam("/faults", {"faults": list(faults)})
        assert got.status_code == 200, got.text

    def rows(self, partner: str) -> list[dict[str, Any]]:
        """All calls of a partner that are in the ledger."""
        found: list[dict[str, Any]] = []
        page = {"calls": [{}], "next": 0}
        while page["calls"]:
            page = self.exam(f"/ledger/calls?since={page['next']}").json()
            found += page["calls"]
        return [row for row in found if row["port"] == partner]

    def entries(self, key: str) -> dict[str, list[dict[str, Any]]]:
        return dict(self.exam(f"/entries/{key}").json())


@pytest.fixture(scope="module")
def shared() -> Iterator[Running]:
    running = Running()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def partners(shared: Running) -> Running:
    """Partners whose plan is new, and of which nothing is broken."""
    shared.order()
    assert shared.exam("/plan", PLAN).status_code == 200
    return shared
