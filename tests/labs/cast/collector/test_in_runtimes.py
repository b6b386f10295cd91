"""Collector, door and partners in every runtime that is there, as a lab deploys them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from casebook.plan import asked

from infra.runtime import Deployment
from infra.system import load_system
from tests.infra.toy import SECRETS, Place, eventually, places, usable

SYSTEM = load_system(Path(__file__).parents[1] / "systems" / "telemetry" / "compose.yaml")
PLAN = {"seed": 2, "cases": [{"id": f"k{n}", "asked": {"word": 1}} for n in range(3)]}


@pytest.fixture(scope="module", params=places())
def deployed(request: pytest.FixtureRequest) -> Iterator[Deployment]:
    usable(request.param, SYSTEM)
    place = Place(request.param)
    yield place.deploy(SYSTEM, ready_timeout_s=75.0)
    place.stop_all()


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=20, trust_env=False) as made:
        yield made


def sealed(deployed: Deployment, client: httpx.Client, service: str, path: str, body: Any = None) -> Any:
    headers = {"authorization": f"Bearer {SECRETS['BROWNOUT_TOKEN']}"}
    url = deployed.address(service, 9000).url + path
    got = client.request("GET" if body is None else "POST", url, json=body, headers=headers)
    assert got.status_code == 200, got.text
    return got.json()


def test_tickets_come_by_the_door_and_are_held_against_the_partners_ledger(
    deployed: Deployment, client: httpx.Client
) -> None:
    sealed(deployed, client, "collector", "/plan", PLAN)
    door = deployed.address("collector", 8000).url
    for n in range(3):
        got = client.post(f"{door}/v1/tickets", content=b"{}", headers={"x-ticket": f"k{n}"})
        assert got.status_code == 202 and len(got.headers["x-trace-id"]) == 32

    eventually(lambda: sealed(deployed, client, "collector", "/ledger")["over"])
    ledger = sealed(deployed, client, "collector", "/ledger")
    assert (ledger["door"]["outcomes"], ledger["telemetry"]["all"]["spans"]) == ({"whole": 3}, 3)
    assert ledger["told"] == 0 and not ledger["broken"]
    assert sealed(deployed, client, "partners", "/ledger")["ports"]["scan"]["answers"] == 3


def test_a_reset_at_a_partner_is_a_cut_or_an_error_for_the_user(deployed: Deployment, client: httpx.Client) -> None:
    sealed(deployed, client, "partners", "/faults", {"faults": [{"kind": "outage", "port": "scan"}]})
    url = f"{deployed.address('collector', 8000).url}/v1/tickets"
    got = client.post(url, content=b"{}", headers={"x-ticket": "none"})
    assert got.status_code == 502 and "closed before the answer" in got.json()["error"]

    assert sealed(deployed, client, "partners", "/faults")["acted"] == {"scan": {"outage": 1}}
    sealed(deployed, client, "partners", "/faults", {"faults": []})
    assert client.post(url, content=b"{}", headers={"x-ticket": "none"}).status_code == 202


def test_all_words_are_right_and_pages_can_be_seen(deployed: Deployment, client: httpx.Client) -> None:
    door = deployed.address("collector", 8000).url
    told = [client.get(f"{door}/outcomes/{question.ticket}").json() for question in asked(PLAN)]
    assert [each["answer"] for each in told] == ["right"] * 3, told
    assert "ticket" in client.get(deployed.address("collector", 4318).url).text


def test_they_are_small(deployed: Deployment) -> None:
    stats = deployed.stats()

    assert stats["collector"].memory_bytes < 80e6 and stats["partners"].memory_bytes < 64e6
