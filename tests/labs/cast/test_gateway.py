"""The gateway, as a real process."""

from __future__ import annotations

import pytest


def served(running, n: int) -> set[str]:
    """Who answers `n` parcels."""
    return {running.parcel("e", f"g{i}").headers["x-served-by"] for i in range(n)}


def asked_of_v1(running) -> str:
    """What the gateway's statistics say that v1 was asked."""
    stats = running.client.get(f"{running.admin}/stats", params={"filter": "cluster.v1.upstream_rq_total"})
    return stats.text


def test_the_split_changes_at_run_time_in_one_call(running):
    running.control(fault="none")

    running.split(100, 0)
    assert served(running, 10) == {"v1"}
    running.split(50, 50)
    assert served(running, 40) == {"v1", "v2"}
    running.split(0, 100)
    assert served(running, 10) == {"v2"}


def test_the_split_can_be_read(running):
    running.split(75, 25)

    entries = running.client.get(f"{running.admin}/runtime", params={"format": "json"}).json()["entries"]

    assert entries["split.v1"]["final_value"] == "75"
    assert entries["split.v2"]["final_value"] == "25"


CLOSED = ["/clusters", "/listeners", "/config_dump", "/quitquitquit", "/server_info", "/memory", "/"]


@pytest.mark.parametrize("path", CLOSED)
def test_the_rest_of_the_admin_port_is_closed(running, path):
    assert running.client.post(f"{running.admin}{path}").status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "?listener.parcels.max=0",
        "?split.v1=100&overload.global_downstream_max_connections=0",
        "?split.v1=100&split.v3=1",
        "?split.v1=many",
        "?split%2Ev1=100&envoy.reloadable_features.x=false",
        "",
    ],
)
def test_only_the_split_is_changed_at_the_admin_port(running, query):
    answer = running.client.post(f"{running.admin}/runtime_modify{query}", data={"listener.parcels.max": "0"})

    assert answer.status_code == 403
    assert running.client.get(f"{running.gateway}/healthz").status_code == 200


@pytest.mark.parametrize("query", ["?split.v1=99", "?split.v2=1&split.v1=99", "?split.v1="])
def test_the_split_is_changed_key_by_key_or_at_once_or_set_back(running, query):
    assert running.client.post(f"{running.admin}/runtime_modify{query}").status_code == 200


def test_a_carrier_cannot_send_the_edge_key_past_the_gateway(running):
    got = running.client.post(
        f"{running.gateway}/v1/predict", json={"item": 1, "pixels": [0] * 64}, headers={"x-edge-key": "forged"}
    )

    assert got.status_code == 200


def test_the_pulse_comes_from_v1_whatever_the_split(running):
    running.split(0, 100)
    before = asked_of_v1(running)

    got = running.client.get(f"{running.gateway}/pulse")

    assert (got.status_code, got.headers["x-served-by"]) == (200, "v1")
    assert asked_of_v1(running) == before


def test_who_watches_is_counted_nowhere(running):
    running.client.get(f"{running.gateway}/pulse")

    names = running.client.get(f"{running.admin}/stats").text.splitlines()

    assert {name.rsplit(": ", 1)[0].split(".")[1] for name in names} == {"v1", "v2"}
    assert all(name.startswith("cluster.") for name in names)


def test_a_missing_controller_is_an_error_at_once(running):
    assert running.client.get(f"{running.gateway}/rollout").status_code == 503
