"""Model servers and a gateway as real processes, on free ports, for one test module."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.images.venvs import environment
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

CAST = Path(__file__).resolve().parents[3] / "labs" / "cast"
TOKEN = "a-token-of-the-test"
PIXELS = [0, 0, 5, 13, 9, 1, 0, 0] * 8


@dataclass(frozen=True)
class Running:
    """Where the processes are reached."""

    v1: str
    v2: str
    v1_control: str
    v2_control: str
    gateway: str
    admin: str
    client: httpx.Client

    def control(self, **fault: Any) -> httpx.Response:
        """Set v2's fault."""
        return self.client.post(f"{self.v2_control}/control", json=fault, headers={"authorization": f"Bearer {TOKEN}"})

    def ledger(self) -> dict[str, Any]:
        """v2's ledger."""
        got = self.client.get(f"{self.v2_control}/ledger", headers={"authorization": f"Bearer {TOKEN}"})
        return dict(got.json())

    def probe(self, tenant: str = "corvid", request_id: str = "1") -> httpx.Response:
        """Ask v2 directly, as the exam does."""
        headers = {"x-probe": TOKEN, "x-tenant": tenant, "x-request-id": request_id}
        return self.client.post(f"{self.v2}/v1/predict", json={"item": 1, "pixels": PIXELS}, headers=headers)

    def parcel(self, tenant: str = "corvid", request_id: str = "1") -> httpx.Response:
        """Ask through the gateway, as a carrier does."""
        headers = {"x-tenant": tenant, "x-request-id": request_id}
        return self.client.post(f"{self.gateway}/v1/predict", json={"item": 1, "pixels": PIXELS}, headers=headers)

    def split(self, v1: int, v2: int) -> None:
        """Set both weights in one call."""
        got = self.client.post(f"{self.admin}/runtime_modify", params={"split.v1": v1, "split.v2": v2})
        assert got.status_code == 200


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """Both versions and the gateway; no controller."""
    ports = [free_port() for _ in range(7)]
    v1, v1_control, v2, v2_control, gateway, admin, controller = (f"127.0.0.1:{port}" for port in ports)
    common = {**os.environ, "BROWNOUT_TOKEN": TOKEN}
    python = str(environment("core") / "bin" / "python")
    model = [python, str(CAST / "model-server" / "main.py")]
    of_v1 = {"VERSION": "v1", "MODEL": "v1.onnx", "LISTEN": v1, "CONTROL": v1_control}
    of_v2 = {"VERSION": "v2", "MODEL": "v2.onnx", "WRONG_MODEL": "v2-wrong.onnx", "LISTEN": v2, "CONTROL": v2_control}
    of_gateway = {"LISTEN": gateway, "ADMIN": admin, "V1": v1, "V2": v2, "CONTROLLER": controller}
    processes = [
        subprocess.Popen(model, env={**common, **of_v1}),
        subprocess.Popen(model, env={**common, **of_v2}),
        subprocess.Popen(
            [python, str(CAST / "gateway" / "run.py")],
            env={**common, **of_gateway},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ),
    ]
    client = httpx.Client(timeout=10, trust_env=False)
    try:
        for address in (v1, v2, gateway):
            eventually(partial(answers, f"http://{address}/healthz", client))
        yield Running(*(f"http://{a}" for a in (v1, v2, v1_control, v2_control, gateway, admin)), client)
    finally:
        client.close()
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()
