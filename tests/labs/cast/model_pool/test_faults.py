"""What faults do to calls, as a caller meets it."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from tests.labs.cast.conftest import TOKEN
from tests.labs.cast.model_pool.conftest import Running


def broken(pool: Running, **fault: Any) -> None:
    assert pool.exam("/faults", {"faults": [fault]}).status_code == 200


def outcome(pool: Running) -> tuple[str, int, float]:
    last = pool.exam("/ledger/calls?since=0").json()["calls"][-1]
    return last["outcome"], last["status"], last["credits"]


def test_slow_is_longer_for_probes_too_and_not_for_other_models(pool: Running) -> None:
    broken(pool, kind="slow", model="open", add_s=0.4)
    took = {}
    for name, model, headers in (("call", "open", {}), ("probe", "open", {"x_probe": TOKEN}), ("other", "large", {})):
        begun = time.monotonic()
        assert pool.score(model, **headers).status_code == 200
        took[name] = time.monotonic() - begun

    assert took["call"] >= 0.4 and took["probe"] >= 0.4 and took["other"] < 0.3
    shown = pool.exam("/faults").json()
    assert shown["touched"]["slow"] >= 1 and shown["probes"]["slow"] >= 1


def test_a_probe_takes_no_slot_is_not_billed_and_needs_no_item(pool: Running) -> None:
    before = pool.stats("strict")
    assert [one.status_code for one in pool.at_once("strict", 1)] == [200]
    with pytest.raises(httpx.TimeoutException):
        pool.client.post(f"http://{pool.ports['strict']}/v1/score", json={"x": 1}, timeout=0.1)
    found = pool.score("strict", b"", x_probe=TOKEN)

    assert (found.status_code, found.json()) == (200, {"probe": True})
    assert pool.score("strict", x_probe="x").status_code in (200, 429), "no token: a call like any other"
    time.sleep(0.5)
    after, told = pool.stats("strict"), pool.ledger()
    assert after["calls"] - before["calls"] == 3 and after["credits"] - before["credits"] <= 3
    assert told["probed"] >= 1


def test_an_error_is_that_status_after_the_work_and_costs_nothing(pool: Running) -> None:
    broken(pool, kind="error", status=502)

    assert pool.score("open").status_code == 502
    assert outcome(pool) == ("error", 502, 0.0)


def test_a_rate_limit_is_429_at_once(pool: Running) -> None:
    broken(pool, kind="rate_limit", retry_after_s=1.25)
    found = pool.score("open")

    assert (found.status_code, found.headers["retry-after"], found.headers["retry-after-ms"]) == (429, "2", "1250")
    assert outcome(pool) == ("rate_limit", 429, 0.0)


@pytest.mark.parametrize(
    ("fault", "paid"),
    [({"kind": "outage"}, False), ({"kind": "drop"}, True), ({"kind": "drop", "at": "body"}, True),
     ({"kind": "truncated"}, True), ({"kind": "timeout", "hold_s": 0.2}, False)],
)  # fmt: skip
def test_a_connection_is_cut_and_the_work_is_paid_if_it_was_done(pool: Running, fault: Any, paid: bool) -> None:
    broken(pool, **fault)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        pool.score("open")

    kind, _, credits = outcome(pool)
    assert (kind, credits) == (fault["kind"], 2.0 if paid else 0.0)


def test_an_outage_may_look_like_503_and_health_and_figures_stay(pool: Running) -> None:
    broken(pool, kind="outage", look="503")

    assert pool.score("open").status_code == 503
    assert pool.get("/healthz").status_code == pool.get("/stats").status_code == 200
    assert outcome(pool) == ("outage", 503, 0.0)


def test_what_is_malformed_is_whole_http_and_no_json(pool: Running) -> None:
    broken(pool, kind="malformed")
    found = pool.score("open")

    assert found.status_code == 200
    with pytest.raises(ValueError):
        found.json()


def test_a_call_that_hangs_holds_its_slot_until_its_caller_leaves(pool: Running) -> None:
    broken(pool, kind="timeout", model="strict")
    with pytest.raises(httpx.TimeoutException):
        pool.client.post(f"http://{pool.ports['strict']}/v1/score", json={"x": 1}, timeout=0.2)
    pool.exam("/faults", {"faults": []})
    time.sleep(0.05)

    assert pool.stats("strict")["busy"] == 0
    assert pool.score("strict").status_code == 200


def test_a_fault_acts_on_what_works_and_not_on_what_waited_while_it_was_there(pool: Running) -> None:
    with pytest.raises(httpx.TimeoutException):
        pool.client.post(f"http://{pool.ports['narrow']}/v1/score", json={"x": 1}, timeout=0.05)
    broken(pool, kind="error", model="narrow")
    with pytest.raises(httpx.TimeoutException):
        pool.client.post(f"http://{pool.ports['narrow']}/v1/score", json={"x": 1}, timeout=0.05)
    pool.exam("/faults", {"faults": []})
    time.sleep(1.0)

    assert [row["faults"] for row in pool.exam("/ledger/calls?since=0").json()["calls"][-2:]] == [[], []]


def test_words_of_the_labs_own_are_handed_to_its_answers(pool: Running) -> None:
    broken(pool, kind="wrong", tenant="Woche")

    assert pool.score("open", x_tenant="Woche").json()["wrong"] is True
    assert pool.score("open", x_tenant="Bote").json()["wrong"] is False


def test_the_same_ids_meet_the_same_fate(pool: Running) -> None:
    broken(pool, kind="error", share=0.5, seed=3, per="id")
    first = [pool.score("open", x_request_id=f"f-{n}").status_code for n in range(20)]

    assert set(first) == {200, 503}
    assert [pool.score("open", x_request_id=f"f-{n}").status_code for n in range(20)] == first
