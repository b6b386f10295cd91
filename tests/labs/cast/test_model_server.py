"""The model server, as a real process."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from grader.load.traffic import import_file

SERVER = Path(__file__).resolve().parents[3] / "labs" / "cast" / "model-server"


def samples(page: str) -> dict[tuple[str, ...], float]:
    """All samples of a page, by name and label values in the order of label names."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def counts(running, name: str) -> dict[tuple[str, ...], float]:
    """Samples of one name at v2's /metrics, by label values in the order of label names."""
    found = {}
    for family in text_string_to_metric_families(running.client.get(f"{running.v2}/metrics").text):
        for sample in family.samples:
            if sample.name == name:
                found[tuple(value for _, value in sorted(sample.labels.items()))] = sample.value
    return found


def test_a_parcel_is_read_and_counted(running):
    running.control(fault="none")
    running.split(0, 100)

    got = running.parcel("dovetail", "a")

    assert got.status_code == 200
    assert got.headers["x-served-by"] == "v2"
    assert got.json()["model_version"] == "v2"
    assert 0 <= got.json()["digit"] <= 9
    assert counts(running, "parcel_requests_total")["200", "dovetail"] == 1
    assert counts(running, "parcel_feedback_total")["right", "auto", "dovetail"] == 1


def test_parcels_come_through_the_gateway_only(running):
    got = running.client.post(
        f"{running.v2}/v1/predict", json={"item": 1, "pixels": [0] * 64}, headers={"x-edge-key": "guess"}
    )

    assert got.status_code == 403


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"item": 1}', b'{"item": -1, "pixels": []}', b'{"item": 1, "pixels": [99]}', b"x" * 9000]
)
def test_malformed_parcels_are_refused(running, body):
    got = running.client.post(f"{running.gateway}/v1/predict", content=body)

    assert got.status_code in (413, 422)


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": "Bearer"}])
@pytest.mark.parametrize("path", ["/control", "/ledger", "/fault"])
def test_the_control_port_needs_the_token(running, path, headers):
    got = running.client.post(f"{running.v2_control}{path}", json={"fault": "tail"}, headers=headers)

    assert got.status_code == 401


@pytest.mark.parametrize("fault", [{"fault": "fire"}, {"heat": 1}, {"share": "all"}, {"seed": True}])
def test_an_unknown_fault_is_refused(running, fault):
    got = running.control(**fault)

    assert got.status_code == 422
    assert list(fault)[0] in got.json()["error"]


def test_tail_delays_a_share(running):
    running.split(0, 100)
    running.control(fault="tail", share=0.5, seed=3, delay_s=1.0)  # more than a busy machine adds
    before = running.ledger()["touched"].get("tail", 0)

    with ThreadPoolExecutor(20) as pool:
        slow = sum(s > 1.0 for s in pool.map(lambda n: running.parcel("e", f"t{n}").elapsed.total_seconds(), range(40)))

    touched = running.ledger()["touched"]["tail"] - before
    assert 8 <= touched <= slow <= min(36, touched + 6)
    assert running.probe().elapsed.total_seconds() > 1.0


def test_tenant_fails_one_tenant_and_draws_alike(running):
    running.split(0, 100)
    running.control(fault="tenant", tenant="fennel", share=0.5, seed=5)

    first = [running.parcel("fennel", f"f{n}").status_code for n in range(20)]
    again = [running.parcel("fennel", f"f{n}").status_code for n in range(20)]
    others = [running.parcel("harbour", f"f{n}").status_code for n in range(20)]

    assert first == again
    assert 3 <= first.count(500) <= 17
    assert others.count(500) <= 1
    assert running.probe("fennel").status_code == 500
    assert running.probe("harbour").status_code == 200


def test_errors_fail_a_share_of_all_with_the_code_that_was_set(running):
    running.split(0, 100)
    running.control(fault="errors", share=0.5, code=504, seed=5)

    codes = [running.parcel(tenant, f"x{n}").status_code for n in range(15) for tenant in ("fennel", "harbour")]

    assert 3 <= codes.count(504) <= 27
    assert running.probe("harbour").status_code == 504


def test_a_past_is_as_v1_answers_and_no_two_carriers_are_alike():
    telemetry = import_file(SERVER / "telemetry.py").Telemetry("v1")
    telemetry.lived(["past-a", "past-b"], 200_000, random.Random(1))

    found = samples(telemetry.page().decode())

    for carrier in ("past-a", "past-b"):
        each = found["parcel_seconds_count", carrier]
        late = each - found["parcel_seconds_bucket", "0.025", carrier]
        marks = {what: found["parcel_feedback_total", what, "human", carrier] for what in ("right", "wrong")}
        assert 97_000 <= each <= 103_000
        assert 0.003 < late / each < 0.005 and found["parcel_seconds_bucket", "0.25", carrier] == each
        assert 0.0013 < found["parcel_requests_total", "500", carrier] / each < 0.0027
        assert 0.58 < sum(marks.values()) / each < 0.62 and 0.03 < marks["wrong"] / sum(marks.values()) < 0.04
    assert found["parcel_seconds_count", "past-a"] != found["parcel_seconds_count", "past-b"]


def test_noisy_start_ends(running):
    running.split(0, 100)
    running.control(fault="noisy-start", share=1.0, window_s=0.3)

    assert running.parcel("e", "n1").status_code == 500
    time.sleep(0.35)
    assert running.parcel("e", "n2").status_code == 200


def test_a_release_with_a_fault_can_have_a_noisy_start_as_well_which_probes_do_not_meet(running):
    running.split(0, 100)
    running.control(fault="tail", share=1.0, delay_s=0.1, noise=1.0, window_s=0.3)

    assert running.probe().status_code == 200
    assert running.parcel("e", "b1").status_code == 500
    time.sleep(0.35)
    assert running.parcel("e", "b2").status_code == 200


def test_a_probe_does_not_start_the_noisy_window(running):
    running.split(0, 100)
    running.control(fault="noisy-start", share=1.0, window_s=0.3)

    assert running.probe().status_code == 500
    time.sleep(0.35)
    assert running.parcel("e", "n1").status_code == 500


def test_overload_bears_so_many_at_once_and_refuses_more(running):
    running.split(0, 100)
    running.control(fault="overload", service_s=0.05, queue=4)

    with ThreadPoolExecutor(12) as pool:
        codes = [got.status_code for got in pool.map(lambda n: running.parcel("e", f"o{n}"), range(12))]

    assert codes.count(503) >= 4
    assert codes.count(200) >= 4


def met(server: ModuleType, fault: dict[str, Any], ids: Iterable[str]) -> tuple[list[int], list[float]]:
    """Status of each request, and what it waits, one after the other in no time."""
    one, waited = server.Behaviour(), []
    one.set(server.Fault(**fault))

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    async def all_of_them() -> list[int]:
        return [(await one.meet(name, "fennel", probe=False)).status for name in ids]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server.asyncio, "sleep", wait)
        return asyncio.run(all_of_them()), waited


def test_who_bears_no_more_is_as_fast_as_any():
    server, names = import_file(SERVER / "behaviour.py"), [f"w{n}" for n in range(40)]

    codes, waited = met(server, {"fault": "overload", "service_s": 9.0, "queue": 8, "seed": 7}, names)
    usual, as_usual = met(server, {"fault": "none"}, names[:8])

    assert codes[:8] == usual and set(codes[8:]) == {503}
    assert waited == as_usual


def test_luck_that_is_always_there_does_not_tell_that_a_fault_was_set():
    server, names = import_file(SERVER / "behaviour.py"), [f"l{n}" for n in range(2000)]

    everyday = met(server, {}, names)

    assert 500 in everyday[0]
    assert met(server, {"fault": "none", "seed": 11}, names) == everyday
    assert met(server, {"fault": "errors", "share": 0.5, "seed": 11}, names)[0] != everyday[0]
    assert met(server, {"fault": "errors", "share": 0.5, "seed": 12}, names) != met(
        server, {"fault": "errors", "share": 0.5, "seed": 11}, names
    )


def test_human_marks_are_late_and_know_the_truth(running):
    running.split(0, 100)
    running.control(fault="wrong", seed=1)
    before = counts(running, "parcel_feedback_total")

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda n: running.parcel("juniper", f"h{n}"), range(12)))
    at_once = counts(running, "parcel_feedback_total")
    time.sleep(1.7)
    later = counts(running, "parcel_feedback_total")

    human = [("right", "human", "juniper"), ("wrong", "human", "juniper")]
    assert at_once["right", "auto", "juniper"] - before.get(("right", "auto", "juniper"), 0) >= 11
    assert sum(at_once.get(key, 0) for key in human) == 0
    assert 2 <= sum(later.get(key, 0) for key in human) <= 12


def test_a_probe_that_is_under_way_is_not_on_the_metrics_page(running):
    running.control(fault="tail", share=1.0, delay_s=0.5)
    with ThreadPoolExecutor(1) as pool:
        probe = pool.submit(running.probe)
        pages = []
        while not probe.done():
            pages.append(running.client.get(f"{running.v2}/metrics").text)

    assert len(pages) > 1
    assert all("\nparcel_in_flight 0.0\n" in page for page in pages)


def test_probes_are_not_on_the_metrics_page(running):
    running.control(fault="none")

    running.probe("only-a-probe")

    assert "only-a-probe" not in running.client.get(f"{running.v2}/metrics").text
