"""The stores and the fault proxy in every runtime that is there, as a lab deploys them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from infra.runtime import Deployment
from infra.system import load_system
from tests.infra.toy import SECRETS, Place, eventually, places, usable
from tests.labs.cast.store_helpers import cache, session

SYSTEM = load_system(Path(__file__).parent / "systems" / "stores" / "compose.yaml")
PASSWORD = "of-the-test"


@pytest.fixture(scope="module", params=places())
def stores(request: pytest.FixtureRequest) -> Iterator[Deployment]:
    usable(request.param, SYSTEM)
    place = Place(request.param)
    yield place.deploy(SYSTEM, ready_timeout_s=75.0)
    place.stop_all()


def at(stores: Deployment, service: str, port: int) -> str:
    found = stores.address(service, port)
    return f"{found.host}:{found.port}"


def test_postgres_keeps_what_is_committed_when_it_is_killed(stores: Deployment) -> None:
    with session(at(stores, "postgres", 5432), PASSWORD) as db:
        db.execute("CREATE TABLE kept AS SELECT count(*) AS n FROM item")
        stores.kill("postgres")
        with pytest.raises(psycopg.OperationalError):
            db.execute("SELECT 1")
    stores.start("postgres")
    stores.wait_ready("postgres")

    with session(at(stores, "postgres", 5432), PASSWORD) as db:
        assert db.execute("SELECT n FROM kept").fetchone() == (100,)
        assert db.execute("SELECT id FROM item ORDER BY place <-> '[41.8,0]' LIMIT 1").fetchone() == (42,)


def test_a_paused_postgres_goes_on(stores: Deployment) -> None:
    with session(at(stores, "postgres", 5432), PASSWORD) as db:
        stores.pause("postgres")
        stores.resume("postgres")
        assert db.execute("SELECT 1").fetchone() == (1,)


def test_valkey_begins_empty_after_a_restart(stores: Deployment) -> None:
    with cache(at(stores, "valkey", 6379), PASSWORD) as client:
        client.set("a", "1")
        assert client.get("a") == b"1"
    stores.restart("valkey")
    stores.wait_ready("valkey")

    with cache(at(stores, "valkey", 6379), PASSWORD) as client:
        assert client.get("a") is None


def test_the_proxy_stands_between_and_harms(stores: Deployment) -> None:
    headers = {"authorization": f"Bearer {SECRETS['BROWNOUT_TOKEN']}"}
    api = httpx.Client(base_url=stores.address("faults", 8474).url, headers=headers, trust_env=False)
    with api, session(at(stores, "faults", 5432), PASSWORD) as db:
        assert db.execute("SELECT items()").fetchone() == (100,)
        api.post("/proxies/db/toxics", json={"type": "reset_peer"})
        with pytest.raises(psycopg.OperationalError):
            db.execute("SELECT 1")
        api.post("/reset")
        with session(at(stores, "faults", 5432), PASSWORD) as again:
            assert again.execute("SELECT 1").fetchone() == (1,)
        acts = eventually(lambda: api.get("/ledger").json()["proxies"]["db"]["toxics"][-1])

    assert (acts["connections"], acts["removed"] is not None) == (1, True)


def test_the_stores_are_small(stores: Deployment) -> None:
    assert stores.stats()["postgres"].memory_bytes < 100e6
    assert stores.stats()["valkey"].memory_bytes < 60e6
