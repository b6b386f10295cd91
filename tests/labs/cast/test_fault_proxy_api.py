"""The fault proxy's API: Toxiproxy's shapes and status codes, the token, and the settings at the start."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chaostoxi.toxic import actions as toxics

from tests.labs.cast.fault_proxy_helpers import FaultProxy, command, connect, echo, fault_proxy, upstream
from tests.labs.ports import free_port

NOWHERE = "127.0.0.1:1"


@pytest.fixture(scope="module")
def running() -> Iterator[FaultProxy]:
    with fault_proxy() as proxy:
        proxy.make("p", NOWHERE)
        yield proxy


def test_a_proxy_has_toxiproxys_fields(running):
    shown = running.api("GET", "/proxies/p").json()

    assert running.api("GET", "/proxies").json() == {"p": shown}
    assert shown == {"name": "p", "listen": shown["listen"], "upstream": NOWHERE, "enabled": True, "toxics": []}


def test_a_toxic_has_toxiproxys_fields_and_defaults(running):
    made = running.api("POST", "/proxies/p/toxics", {"type": "latency", "attributes": {"latency": 10}})

    shown = {
        "attributes": {"latency": 10, "jitter": 0}, "name": "latency_downstream", "type": "latency",
        "stream": "downstream", "toxicity": 1.0,
    }  # fmt: skip
    assert (made.status_code, made.json()) == (200, shown)
    assert running.api("GET", "/proxies/p/toxics").json() == [shown]
    assert running.api("GET", "/proxies/p/toxics/latency_downstream").json() == shown
    assert running.api("DELETE", "/proxies/p/toxics/latency_downstream").status_code == 204
    assert running.api("GET", "/proxies/p/toxics").json() == []


def toxic(**changes: Any) -> dict[str, Any]:
    return {"type": "latency", **changes}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "says"),
    [
        ("GET", "/proxies/none", None, 404, "proxy not found"),
        ("DELETE", "/proxies/none", None, 404, "proxy not found"),
        ("POST", "/proxies/none/toxics", toxic(), 404, "proxy not found"),
        ("GET", "/proxies/p/toxics/none", None, 404, "toxic not found"),
        ("PATCH", "/proxies/p/toxics/none", {}, 404, "toxic not found"),
        ("DELETE", "/proxies/p/toxics/none", None, 404, "toxic not found"),
        ("POST", "/proxies", {"name": "p", "upstream": NOWHERE}, 409, "proxy already exists"),
        ("POST", "/proxies", {"upstream": NOWHERE}, 400, "missing required field: name"),
        ("POST", "/proxies", {"name": "x"}, 400, "missing required field: upstream"),
        ("POST", "/proxies", {"name": "x", "upstream": "nowhere"}, 400, "bad request body: 'nowhere'"),
        ("POST", "/proxies", [], 400, "bad request body"),
        ("POST", "/proxies/p", {"enabled": "no"}, 400, "bad request body: enabled"),
        ("POST", "/populate", {}, 400, "bad request body"),
        ("POST", "/populate", [{"name": "x"}], 400, "missing required field: upstream at proxy 1"),
        ("POST", "/proxies/p/toxics", toxic(type="fire"), 400, "invalid toxic type"),
        ("POST", "/proxies/p/toxics", {}, 400, "invalid toxic type"),
        ("POST", "/proxies/p/toxics", toxic(stream="sideways"), 400, "stream was invalid, can be either upstream"),
        ("POST", "/proxies/p/toxics", toxic(toxicity=2), 400, "bad request body: toxicity"),
        ("POST", "/proxies/p/toxics", toxic(attributes={"delay": 1}), 400, "latency has no attribute delay"),
        ("POST", "/proxies/p/toxics", toxic(attributes={"latency": -1}), 400, "attribute latency must be"),
        ("POST", "/proxies/p/toxics", toxic(attributes={"latency": "1"}), 400, "attribute latency must be"),
        ("POST", "/proxies/p/toxics", toxic(attributes=[1]), 400, "attributes must be an object"),
        ("POST", "/proxies/p/toxics", toxic(type="slicer"), 400, "average_size must be greater"),
        ("GET", "/nothing", None, 404, "not found"),
        ("PUT", "/proxies/p", {}, 405, "method not allowed"),
    ],
)
def test_a_bad_call_is_refused_in_toxiproxys_words(running, method, path, body, status, says):
    got = running.api(method, path, body)

    assert got.status_code == got.json()["status"] == status
    assert says in got.json()["error"]
    assert running.api("GET", "/proxies/p/toxics").json() == []


def test_a_body_that_is_no_json_is_refused(running):
    assert running.client.post(f"{running.url}/proxies", content=b"{").status_code == 400


def test_a_taken_name_of_a_toxic_is_refused(running):
    running.api("POST", "/proxies/p/toxics", toxic())

    assert running.api("POST", "/proxies/p/toxics", toxic()).status_code == 409
    running.api("POST", "/reset")


def test_an_address_in_use_is_refused(running):
    taken = running.api("GET", "/proxies/p").json()["listen"]

    got = running.api("POST", "/proxies", {"name": "x", "listen": taken, "upstream": NOWHERE})

    assert got.status_code == 500
    assert taken in got.json()["error"]
    assert running.api("GET", "/proxies/x").status_code == 404


def test_populate_keeps_what_is_alike_and_replaces_the_rest(running):
    listen = f"127.0.0.1:{free_port()}"
    body = [{"name": "a", "listen": listen, "upstream": NOWHERE}]
    first = running.api("POST", "/populate", body)
    running.api("POST", "/proxies/a/toxics", toxic())

    again = running.api("POST", "/populate", body)
    moved = running.api("POST", "/populate", [{**body[0], "upstream": "127.0.0.1:2"}])

    assert [answer.status_code for answer in (first, again, moved)] == [201, 201, 201]
    assert len(again.json()["proxies"][0]["toxics"]) == 1
    assert moved.json()["proxies"][0]["upstream"] == "127.0.0.1:2"
    assert moved.json()["proxies"][0]["toxics"] == []
    running.api("DELETE", "/proxies/a")


def test_an_upstream_can_be_changed(running):
    with upstream(echo) as server:
        port = running.make("moving", NOWHERE)
        changed = running.api("PATCH", "/proxies/moving", {"upstream": server.address}).json()
        with connect(port) as sock:
            sock.sendall(b"x")
            assert sock.recv(1) == b"x"

    assert changed["enabled"] is True
    assert changed["listen"] == f"127.0.0.1:{port}"
    running.api("DELETE", "/proxies/moving")


# The token


@pytest.fixture(scope="module")
def guarded() -> Iterator[FaultProxy]:
    with fault_proxy(BROWNOUT_TOKEN="secret", PROXIES=json.dumps([{"name": "p", "upstream": NOWHERE}])) as proxy:
        yield proxy


@pytest.mark.parametrize(
    "authorization", [None, "Bearer", "Bearer wrong", "secret", "Basic c2VjcmV0", "Basic !", "Basic bGFiOndyb25n"]
)
@pytest.mark.parametrize("path", ["/proxies", "/ledger", "/reset", "/proxies/p"])
def test_without_the_token_nothing_is_told_or_done(guarded, path, authorization):
    headers = {"authorization": authorization} if authorization else {}

    got = guarded.client.post(guarded.url + path, json={}, headers=headers)

    assert got.status_code == got.json()["status"] == 401


def test_the_token_opens_it(guarded):
    got = guarded.client.get(f"{guarded.url}/proxies", headers={"authorization": "Bearer secret"})

    assert list(got.json()) == ["p"]


def test_a_plain_client_shows_the_token_in_its_address(guarded):
    configuration = {"toxiproxy_url": guarded.url.replace("//", "//lab:secret@")}

    assert toxics.create_latency_toxic("p", "slow", latency=5, configuration=configuration)
    assert toxics.delete_toxic("p", "slow", configuration=configuration)


# The start


def test_proxies_come_from_a_file(tmp_path: Path):
    file = tmp_path / "toxiproxy.json"
    file.write_text(json.dumps([{"name": "off", "listen": "127.0.0.1:0", "upstream": NOWHERE, "enabled": False}]))

    with fault_proxy(CONFIG=str(file)) as proxy:
        assert proxy.api("GET", "/proxies/off").json()["enabled"] is False


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"PROXIES": "{"}, "PROXIES: must be JSON"),
        ({"PROXIES": "[{}]"}, "missing required field: name at proxy 1"),
        ({"CONFIG": "/nowhere.json"}, "CONFIG: must be JSON"),
        ({"SEED": "x"}, "SEED: must be a whole number"),
        ({"CONTROL": "here"}, "'here' is no address"),
    ],
)
def test_a_setting_that_is_not_understood_is_said(settings, says):
    done = subprocess.run(command(), env={**os.environ, **settings}, capture_output=True, text=True, timeout=30)

    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_it_ends_on_a_signal_with_connections_open():
    with upstream(echo) as server, fault_proxy() as proxy, connect(proxy.make("p", server.address)) as sock:
        sock.sendall(b"x")
        assert sock.recv(1) == b"x"
        proxy.process.send_signal(signal.SIGTERM)

        assert proxy.process.wait(20) == 0
