"""The control port: who may use it, what it takes, and that it is not the public one."""

from __future__ import annotations

import pytest

PATHS = ["/faults", "/limits", "/seal", "/ledger", "/ledger/summary", "/ledger/reset"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": "Bearer"},
        {"authorization": "Bearer a-key-of-the-test"},
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_it_needs_the_token(provider, path, headers):
    for method in ("GET", "POST"):
        got = provider.http.request(method, f"{provider.control_url}{path}", json={"faults": []}, headers=headers)
        assert got.status_code == 401


def test_without_a_token_in_the_environment_nobody_comes_in(start):
    closed = start(BROWNOUT_TOKEN="")

    for headers in ({}, {"authorization": "Bearer"}, {"authorization": ""}, {"authorization": "Bearer a"}):
        assert closed.http.get(f"{closed.control_url}/ledger", headers=headers).status_code == 401


@pytest.mark.parametrize("path", PATHS)
def test_the_public_port_has_none_of_it(provider, path):
    for method in ("GET", "POST"):
        headers = {"authorization": "Bearer a-token-of-the-test"}
        got = provider.http.request(method, f"{provider.url}{path}", json={"faults": []}, headers=headers)
        assert got.status_code == 401
        got = provider.http.request(
            method, f"{provider.url}{path}", json={"faults": []}, headers={"authorization": "Bearer a-key-of-the-test"}
        )
        assert got.status_code == 404


def test_the_control_port_has_no_models(provider):
    assert provider.control("GET", "/v1/models").status_code == 404
    assert provider.control("POST", "/v1/chat/completions", {}).status_code == 404


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ([], "object"),
        ({}, "faults"),
        ({"faults": {}}, "list"),
        ({"faults": [], "seed": 1}, "seed"),
        ({"faults": ["slow"]}, "faults[0]"),
        ({"faults": [{"share": 0.5}]}, "kind"),
        ({"faults": [{"kind": "fire"}]}, "fire"),
        ({"faults": [{"kind": ["slow"]}]}, "kind"),
        ({"faults": [{"kind": "error", "share": 1.5}]}, "share"),
        ({"faults": [{"kind": "error", "share": "half"}]}, "share"),
        ({"faults": [{"kind": "error", "share": True}]}, "share"),
        ({"faults": [{"kind": "error", "seed": 1.5}]}, "seed"),
        ({"faults": [{"kind": "error", "status": 404}]}, "500, 502, 503"),
        ({"faults": [{"kind": "error", "status": "500"}]}, "status"),
        ({"faults": [{"kind": "error", "factor": 2}]}, "factor"),
        ({"faults": [{"kind": "error", "model": "parley-huge"}]}, "parley-large"),
        ({"faults": [{"kind": "error", "endpoint": "images"}]}, "endpoint"),
        ({"faults": [{"kind": "error", "model": "parley-large", "endpoint": "embeddings"}]}, "parley-large"),
        ({"faults": [{"kind": "slow"}]}, "factor"),
        ({"faults": [{"kind": "slow", "factor": 0.5}]}, "factor"),
        ({"faults": [{"kind": "slow", "add_s": -1}]}, "add_s"),
        ({"faults": [{"kind": "rate_limit", "retry_after_s": 0}]}, "retry_after_s"),
        ({"faults": [{"kind": "timeout", "hold_s": 1e9}]}, "hold_s"),
        ({"faults": [{"kind": "drop", "at": "end"}]}, "at"),
        ({"faults": [{"kind": "truncated", "how": "short"}]}, "how"),
        ({"faults": [{"kind": "outage", "look": 503}]}, "look"),
        ({"faults": [{"kind": "ungrounded", "endpoint": "embeddings"}]}, "chat"),
        ({"faults": [{"kind": "ungrounded", "model": "parley-embed"}]}, "parley-embed"),
        ({"faults": [{"kind": "drop"}, {"kind": "slow", "add_s": None}]}, "faults[1]"),
        ({"faults": [{"kind": "drop"}] * 21}, "20"),
    ],
)
def test_a_bad_fault_is_refused_in_one_sentence_and_changes_nothing(provider, body, says):
    provider.faults({"kind": "error", "status": 502})

    got = provider.control("POST", "/faults", body)

    assert got.status_code == 422
    assert says in got.json()["error"]
    assert "\n" not in got.json()["error"] and len(got.json()["error"]) < 250
    assert [fault["kind"] for fault in provider.control("GET", "/faults").json()["faults"]] == ["error"]


@pytest.mark.parametrize("content", [b"{", b"\xff", b"NaN", b"[" * 60_000])
def test_a_body_that_is_no_json_is_refused(provider, content):
    headers = {"authorization": "Bearer a-token-of-the-test"}

    got = provider.http.post(f"{provider.control_url}/faults", content=content, headers=headers)

    assert got.status_code == 422


def test_a_body_is_capped(provider):
    assert provider.control("POST", "/faults", {"faults": ["x" * 70_000]}).status_code == 413


def test_faults_are_shown_as_they_are_set(provider):
    fault = {"kind": "slow", "share": 0.5, "seed": 3, "model": "parley-small", "factor": 2.0, "add_s": 0.0}

    provider.faults(fault)

    assert provider.control("GET", "/faults").json()["faults"] == [fault]
