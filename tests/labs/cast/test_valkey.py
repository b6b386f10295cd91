"""Valkey as a real process, by a real client."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psutil
import pytest
from valkey.exceptions import AuthenticationError, NoPermissionError, OutOfMemoryError

from tests.labs.cast.store_helpers import CAST, cache, for_valkey, refusal, running
from tests.waiting import eventually


@pytest.fixture(scope="module")
def settings() -> Iterator[dict[str, str]]:
    asked = for_valkey(SETTINGS="maxmemory=4mb")
    with running("valkey", asked):
        yield asked


@pytest.fixture
def client(settings: dict[str, str]) -> Iterator:
    with cache(settings["LISTEN"]) as found:
        found.flushall()
        yield found


def test_a_value_is_kept_and_expires(client):
    client.set("kept", "1")
    client.set("brief", "2", px=300)

    assert (client.get("kept"), client.get("brief")) == (b"1", b"2")
    time.sleep(0.35)
    assert (client.get("kept"), client.get("brief")) == (b"1", None)


def test_a_full_store_refuses_writes_if_nothing_may_be_evicted(client):
    with pytest.raises(OutOfMemoryError):
        for n in range(100):
            client.set(f"n{n}", "x" * 100_000)

    assert client.get("n0") == b"x" * 100_000


def test_a_full_store_evicts_by_its_policy():
    asked = for_valkey(SETTINGS="maxmemory=4mb maxmemory-policy=volatile-lru")
    with running("valkey", asked), cache(asked["LISTEN"]) as client:
        client.set("for-ever", "1")
        for n in range(100):
            client.set(f"n{n}", "x" * 100_000, ex=1000)

        assert client.get("for-ever") == b"1"
        with client.pipeline() as both:  # in one moment: an eviction may come with any command
            stats, left = both.info("stats").dbsize().execute()
        assert 5 < left < 60
        assert stats["evicted_keys"] == 101 - left


def test_a_wrong_password_is_refused(settings):
    with cache(settings["LISTEN"], "guess") as client, pytest.raises(AuthenticationError):
        client.ping()
    with cache(settings["LISTEN"], "") as client, pytest.raises(AuthenticationError):
        client.ping()


@pytest.mark.parametrize(
    "words", [("CONFIG", "SET", "maxmemory", "1gb"), ("SHUTDOWN",), ("REPLICAOF", "h", "1"), ("ACL", "LIST"), ("SAVE",)]
)
def test_a_client_cannot_administer_it(client, words):
    with pytest.raises(NoPermissionError):
        client.execute_command(*words)


def test_a_client_can_look(client):
    assert client.config_get("maxmemory") == {"maxmemory": str(4 << 20)}
    assert len(client.client_list()) >= 1
    assert client.slowlog_len() >= 0


def test_nothing_is_kept_over_a_kill(settings):
    asked = for_valkey()
    with running("valkey", asked) as process, cache(asked["LISTEN"]) as client:
        client.set("gone", "1")
        known = psutil.Process(process.pid).environ()
        process.kill()
    with running("valkey", asked), cache(asked["LISTEN"]) as client:
        assert client.get("gone") is None

    assert not {"BROWNOUT_TOKEN", "VALKEY_PASSWORD"} & set(known)


def test_its_health_page_goes_with_it():
    asked = for_valkey()
    with running("valkey", asked) as process:
        page = psutil.Process(process.pid).children()
        process.kill()
        process.wait()

        assert len(page) == 1
        assert eventually(lambda: not page[0].is_running())


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"VALKEY_PASSWORD": ""}, "VALKEY_PASSWORD: must be set"),
        ({"VALKEY_PORT": "1"}, "VALKEY_PORT: unknown"),
        ({"LISTEN": "6379"}, "LISTEN: must be host:port"),
        ({"SETTINGS": "appendonly=yes"}, "SETTINGS: 'appendonly=yes' is unknown"),
    ],
)
def test_a_setting_that_is_not_understood_is_said(changed, says):
    said = refusal("valkey", {**for_valkey(), **changed})

    assert says in said
    assert len(said.splitlines()) == 1


def test_both_stores_have_the_same_health_page():
    assert (CAST / "postgres" / "health.py").read_bytes() == (CAST / "valkey" / "health.py").read_bytes()
