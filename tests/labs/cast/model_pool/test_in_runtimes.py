"""A pool in every runtime that is there, as a lab deploys it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from call_receipts import checked

from infra.runtime import Deployment
from infra.system import load_system
from tests.infra.toy import SECRETS, Place, eventually, places, usable
from tests.labs.cast.model_pool.conftest import KEY

SYSTEM = load_system(Path(__file__).parents[1] / "systems" / "pool" / "compose.yaml")
SCALE = "/apis/apps/v1/namespaces/lab/deployments/large/scale"


@pytest.fixture(scope="module", params=places())
def deployed(request: pytest.FixtureRequest) -> Iterator[Deployment]:
    usable(request.param, SYSTEM)
    place = Place(request.param)
    yield place.deploy(SYSTEM, ready_timeout_s=75.0)
    place.stop_all()


class Asked:
    """The pool's ports."""

    def __init__(self, deployed: Deployment) -> None:
        self._deployed = deployed
        self.client = httpx.Client(timeout=20, trust_env=False)

    def send(self, port: int, path: str, body: Any = None, method: str = "") -> httpx.Response:
        headers = {"authorization": f"Bearer {SECRETS['BROWNOUT_TOKEN']}"} if port == 9000 else {}
        url = self._deployed.address("pool", port).url + path
        return self.client.request(method or ("GET" if body is None else "POST"), url, json=body, headers=headers)


def test_it_scores_scales_and_keeps_books(deployed: Deployment) -> None:
    ask = Asked(deployed)
    assert ask.send(9000, "/plan", {"key": KEY}).status_code == 200
    found = ask.send(8001, "/v1/score", {"x": 5}).json()
    said = checked(KEY, found["receipt"], 5, False)
    assert said is not None and said.who == "caption"

    assert ask.send(8000, SCALE, {"spec": {"replicas": 5}}, "PATCH").json()["spec"]["replicas"] == 5
    eventually(lambda: ask.send(8000, "/stats").json()["models"]["large"]["there"] == 5)
    assert ask.send(9000, "/ledger").json()["answered"] == {"caption@1": 1}


def test_a_fault_is_set_and_a_connection_reset(deployed: Deployment) -> None:
    ask = Asked(deployed)
    ask.send(9000, "/faults", {"faults": [{"kind": "outage", "model": "large"}]})
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        ask.send(8002, "/v1/score", {"x": 5})
    ask.send(9000, "/faults", {"faults": []})
    assert ask.send(8002, "/v1/score", {"x": 5}).status_code == 200


def test_it_is_small(deployed: Deployment) -> None:
    assert deployed.stats()["pool"].memory_bytes < 64e6
