"""A pool as a real process, with the answers of `world/answers.py`."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.images.venvs import environment
from tests.labs.cast.conftest import CAST, TOKEN
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

WORLD = Path(__file__).parent / "world"
KEY = "a-key-of-the-exam"
MODELS: list[dict[str, Any]] = [
    {
        "name": "open",
        "seconds": 0.02,
        "price": 2,
        "batch_s": 0.1,
        "batch_price": 0.5,
        "batch_most": 3,
        "batch_slots": 1,
    },
    {"name": "narrow", "seconds": 0.4, "slots": 1, "queue": 1},
    {"name": "strict", "seconds": 0.4, "slots": 1, "over": "refuse"},
    {"name": "large", "seconds": 0.05, "replicas": 2, "most": 5, "start_s": 0.5, "price": 24},
]


class Running:
    """Where a pool's ports are."""

    def __init__(self, nightly: str = "", **more: str) -> None:
        self.ports = {model["name"]: f"127.0.0.1:{free_port()}" for model in MODELS}
        self.listen, self.control = (f"127.0.0.1:{free_port()}" for _ in range(2))
        models = [{**model, "listen": self.ports[model["name"]]} for model in MODELS]
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(CAST / "lib"), "BROWNOUT_TOKEN": TOKEN, "NIGHTLY": nightly}
        env |= {"MODELS": json.dumps(models), "ANSWERS": str(WORLD), "LISTEN": self.listen, "CONTROL": self.control}
        self.process = subprocess.Popen(
            [environment("core") / "bin" / "python", "-m", "model_pool"], env={**env, **more}
        )
        self.client = httpx.Client(timeout=10, trust_env=False)
        eventually(lambda: answers(f"http://{self.listen}/healthz", self.client))

    def stop(self) -> int:
        self.client.close()
        self.process.terminate()
        return self.process.wait(10)

    def score(self, model: str, item: Any = None, **headers: str) -> httpx.Response:
        """A call to a model."""
        body = item if isinstance(item, bytes) else json.dumps({"x": 1} if item is None else item).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"http://{self.ports[model]}/v1/score"
        return self.client.post(url, content=body, headers=named)

    def at_once(self, model: str, many: int) -> list[httpx.Response]:
        """So many calls at the same time."""
        with ThreadPoolExecutor(many) as threads:
            return list(threads.map(lambda _: self.score(model), range(many)))

    def batch(self, items: Any) -> httpx.Response:
        return self.client.post(f"http://{self.ports['open']}/v1/batch", json={"items": items})

    def get(self, path: str) -> httpx.Response:
        return self.client.get(f"http://{self.listen}{path}")

    def stats(self, model: str = "") -> dict[str, Any]:
        found = dict(self.get("/stats").json())
        return dict(found["models"][model]) if model else found

    def exam(self, path: str, body: Any = None, method: str = "", token: str = TOKEN) -> httpx.Response:
        """On the control port."""
        headers = {"authorization": f"Bearer {token}"}
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        url = f"http://{self.control}{path}"
        return self.client.request(
            method or ("GET" if content is None else "POST"), url, content=content, headers=headers
        )

    def ledger(self) -> dict[str, Any]:
        return dict(self.exam("/ledger").json())

    def scale(
        self, body: Any = None, kind: str = "application/merge-patch+json", method: str = "PATCH"
    ) -> httpx.Response:
        url = f"http://{self.listen}/apis/apps/v1/namespaces/lab/deployments/large/scale"
        if body is None:
            return self.client.get(url)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.request(method, url, content=content, headers={"content-type": kind})


@pytest.fixture(scope="module")
def shared() -> Iterator[Running]:
    pool = Running()
    try:
        yield pool
    finally:
        pool.stop()


@pytest.fixture
def pool(shared: Running) -> Running:
    """One whose plan is new, and of which nothing is broken."""
    shared.exam("/faults", {"faults": []})
    assert shared.exam("/plan", {"key": KEY, "tenants": {"k1": "Woche"}, "seed": 1}).status_code == 200
    return shared
