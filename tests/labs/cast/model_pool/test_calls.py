"""Calls of a pool as a real process: answers, receipts, slots, prices, the ledger."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest
from call_receipts import checked

from tests.labs.cast.conftest import TOKEN
from tests.labs.cast.model_pool.conftest import KEY, Running
from tests.waiting import eventually


def test_an_answer_has_a_receipt_of_what_the_lab_says_it_covers(pool: Running) -> None:
    before = time.time()
    found = pool.score("open", {"x": "a", "more": 1}).json()

    said = checked(KEY, found["receipt"], "a", False)
    assert said is not None and (said.who, said.version) == ("open", "1")
    assert before - 0.01 <= said.issued <= time.time()
    assert found["x"] == "a" and checked(KEY, found["receipt"], "b", False) is None


def test_a_new_plan_is_a_new_key_and_without_one_nobody_knows_it(pool: Running) -> None:
    pool.exam("/plan", {"key": "another-key-of-the-exam"})
    assert checked("another-key-of-the-exam", pool.score("open").json()["receipt"], 1, False)

    pool.exam("/plan", {})
    assert not checked("another-key-of-the-exam", pool.score("open").json()["receipt"], 1, False)


def test_a_batch_has_a_receipt_an_item_and_a_price_of_its_own(pool: Running) -> None:
    before = pool.stats("open")
    rows = pool.batch([{"x": 1}, {"x": 2}, {"x": 3}]).json()["items"]

    assert [row["x"] for row in rows] == [1, 2, 3]
    assert all(checked(KEY, row["receipt"], row["x"], False) for row in rows)
    pool.score("open")
    after = pool.stats("open")
    assert after["credits"] - before["credits"] == pytest.approx(3 * 0.5 + 2)
    assert after["answers"] - before["answers"] == 4 and after["calls"] - before["calls"] == 2
    assert after["credits_last_second"] >= 3.5


def test_a_batch_that_names_an_odd_item_is_refused_and_costs_nothing(pool: Running) -> None:
    before = pool.stats("open")["credits"]
    for items in ([], [{"x": 1}] * 4, {"x": 1}, None, [1], [{"x": 1}, {}], [{"x": 1}, {"x": "absent"}]):
        found = pool.batch(items)
        assert found.status_code in (404, 422) and found.json()["error"]
    assert "items[1]: there is no such thing" in found.json()["error"]

    assert pool.stats("open")["credits"] == before
    assert pool.client.post(f"http://{pool.ports['narrow']}/v1/batch", json={"items": [{}]}).status_code == 404


def test_one_works_one_waits_and_the_third_gets_503(pool: Running) -> None:
    begun = time.monotonic()
    found = pool.at_once("narrow", 3)

    assert sorted(one.status_code for one in found) == [200, 200, 503]
    assert time.monotonic() - begun >= 0.8
    [refused] = (one for one in found if one.status_code == 503)
    assert refused.headers["retry-after"] == "1" and 1 <= int(refused.headers["retry-after-ms"]) <= 400


def test_who_may_not_wait_is_told_when_to_come_again(pool: Running) -> None:
    before = pool.stats("strict")
    found = pool.at_once("strict", 3)

    assert sorted(one.status_code for one in found) == [200, 429, 429]
    assert {one.headers.get("retry-after") for one in found} == {None, "1"}
    after = pool.stats("strict")
    assert after["refused"] - before["refused"] == 2 and after["credits"] - before["credits"] == 1


def test_the_figures_say_who_waits_and_who_works(pool: Running) -> None:
    for _ in range(2):
        with pytest.raises(httpx.TimeoutException):
            pool.client.post(f"http://{pool.ports['narrow']}/v1/score", json={"x": 1}, timeout=0.05)
    now = pool.stats("narrow")
    page = pool.get("/metrics").text

    assert (now["busy"], now["waiting"], now["open"], now["slots"]) == (1, 1, 2, 1)
    assert 'pool_queue_length{model="narrow"} 1\n' in page and 'pool_slots_busy{model="narrow"} 1\n' in page
    assert 'pool_replicas_wanted{model="large"} 2\n' in page and 'pool_replicas_there{model="large"} 2\n' in page


def test_work_goes_on_to_its_end_for_who_has_left(pool: Running) -> None:
    eventually(lambda: pool.stats("narrow")["open"] == 0)
    before = pool.stats("narrow")["credits"]
    with pytest.raises(httpx.TimeoutException):
        pool.client.post(f"http://{pool.ports['narrow']}/v1/score", json={"x": 1}, timeout=0.05)
    begun = time.monotonic()
    assert pool.score("narrow").status_code == 200

    assert time.monotonic() - begun >= 0.7
    assert pool.stats("narrow")["credits"] - before == 2
    assert pool.exam("/ledger/calls?since=0").json()["calls"][-2]["outcome"] == "left"


def test_the_ledger_has_each_call(pool: Running) -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    for _ in range(2):
        pool.score("open", x_request_id="r-1", x_tenant="Woche", traceparent=trace)
    rows = pool.exam("/ledger/calls?since=0").json()["calls"]
    last = rows[-1]

    assert (last["id"], last["attempt"], last["tenant"], last["version"]) == (
        "r-1",
        rows[-2]["attempt"] + 1,
        "Woche",
        "1",
    )
    assert (last["trace"], last["span"]) == (trace[3:35], trace[36:52])
    assert 0.02 <= last["ended"] - last["begun"] < 0.5 and last["credits"] == 2
    told = pool.ledger()
    assert told["told"][-1] == {"id": "r-1", "tenant": "Woche", "version": "1"}
    assert told["answers"] == sum(told["answered"].values()) and told["open"] == 0
    assert pool.exam(f"/ledger/calls?since={last['seq']}").json() == {"calls": [], "next": last["seq"]}


def test_a_version_is_in_receipts_and_ledger_until_the_next_plan(pool: Running) -> None:
    assert pool.exam("/versions", {"open": "2-beta"}).json()["open"] == "2-beta"
    found = pool.score("open").json()

    said = checked(KEY, found["receipt"], 1, False)
    assert found["by"] == "open@2-beta" and said is not None and said.version == "2-beta"
    assert pool.ledger()["answered"]["open@2-beta"] == 1
    pool.exam("/plan", {"key": KEY})
    assert pool.exam("/versions").json()["open"] == "1"


def test_a_plan_may_change_models_and_the_next_one_begins_from_what_shipped(pool: Running) -> None:
    pool.exam("/plan", {"key": KEY, "models": {"narrow": {"seconds": 0.02, "slots": 3}, "large": {"replicas": 4}}})
    begun = time.monotonic()
    assert [one.status_code for one in pool.at_once("narrow", 3)] == [200] * 3
    assert time.monotonic() - begun < 0.4 and pool.stats("large")["there"] == 4

    pool.exam("/plan", {"key": KEY})
    assert pool.stats("narrow")["slots"] == 1 and pool.stats("large")["there"] == 2


def test_pages_and_controls_are_the_labs_own(pool: Running) -> None:
    assert pool.get("/accounts/k1").json() == {"tenant": "Woche"}
    assert pool.client.get(f"http://{pool.ports['narrow']}/accounts/k1").json() == {"tenant": "Woche"}
    assert pool.get("/accounts/k2").status_code == 422
    assert pool.exam("/tenants", {"k2": "Bote"}, token="x").status_code == 401
    assert pool.exam("/tenants", {"k2": "Bote"}).json() == {"tenants": 2}
    assert pool.get("/accounts/k2").json() == {"tenant": "Bote"}


def test_truth_comes_later_and_is_revised(pool: Running) -> None:
    pool.score("open", x_request_id="late-1")
    first = pool.get("/feed?after=0&wait_s=5").json()
    assert first["rows"] == [{"seq": 1, "id": "late-1", "revision": 0, "good": None}]

    second = pool.get(f"/feed?after={first['last']}&wait_s=5").json()
    assert second["rows"] == [{"seq": 2, "id": "late-1", "revision": 1, "good": True}]
    assert pool.get("/feed?after=x").status_code == 422


def test_the_last_seconds_are_as_many_as_one_asks_for(pool: Running) -> None:
    pool.score("open")
    found = pool.get("/stats?seconds=120").json()

    assert found["last"]["calls"] >= found["last_second"] >= 1
    assert found["models"]["open"]["last"]["credits"] >= 2
    for seconds in ("0", "-1", "121", "nan", "inf", "x", ""):
        assert pool.get(f"/stats?seconds={seconds}").status_code == 422


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"[]", b"7", b'{"x": NaN}', b'{"x": 1e999}', b'{"x": ' + b"9" * 5000 + b"}", b"\xff\xfe",
     b'{"x":' * 50_000, b'{"x": ' + b"[" * 30 + b"]" * 30 + b"}"],
)  # fmt: skip
def test_a_body_that_makes_no_sense_is_422(pool: Running, body: bytes) -> None:
    found = pool.score("large", body)

    assert found.status_code == 422 and found.json()["error"]


def test_bodies_that_break_nothing(pool: Running) -> None:
    assert pool.score("open", b'{"x": "\\ud800"}').json()["x"] == "\ud800"
    assert pool.score("open", b'{"x": "' + b"y" * (2 << 20) + b'"}').status_code == 413
    assert pool.score("large", {"x": "absent"}).status_code == 404
    assert pool.score("open", {}).status_code == 422
    assert pool.client.get(f"http://{pool.ports['open']}/v1/score").status_code in (404, 405)


@pytest.mark.parametrize(
    ("path", "body"),
    [("/plan", b"x"), ("/plan", []), ("/plan", {"key": "short"}), ("/plan", {"key": 7}), ("/plan", {"tenants": "none"}),
     ("/plan", {"models": {"none": {}}}), ("/plan", {"models": {"open": {"name": "x"}}}), ("/plan", {"models": []}),
     ("/plan", {"models": {"large": {"slots": 2}}}), ("/plan", {"models": {"large": {"replicas": 6}}}),
     ("/plan", {"models": {"open": {"seconds": "1"}}}), ("/versions", {"none": "2"}), ("/versions", {"open": "1.2"}),
     ("/versions", {"open": 2}), ("/faults", {"faults": [{"kind": "hold"}]}), ("/clock", {}), ("/clock", {"now": 5}),
     ("/clock", {"now": "x"}), ("/clock", {"now": "2026-03-02", "day_s": 0.1}), ("/clock", {"now": "9999-12-31"}),
     ("/clock", {"now": "2026-03-02T00:00:00+02:00"}), ("/ledger/calls?since=x", None)],
)  # fmt: skip
def test_what_the_exam_says_wrongly_is_refused_in_a_sentence(pool: Running, path: str, body: Any) -> None:
    found = pool.exam(path, body)

    assert found.status_code == 422 and found.json()["error"]
    assert checked(KEY, pool.score("open").json()["receipt"], 1, False), "nothing has changed"


@pytest.mark.parametrize("path", ["/faults", "/clock", "/versions", "/ledger", "/ledger/calls"])
def test_the_control_port_is_for_who_has_the_token(pool: Running, path: str) -> None:
    assert pool.exam(path, token="x").status_code == 401
    assert pool.get(path).status_code == 404


def test_everything_else(pool: Running) -> None:
    assert pool.get("/healthz").json() == pool.get("/pulse").json() == {"status": "ok"}
    assert pool.get("/nothing").status_code == 404
    assert pool.client.post(f"http://{pool.listen}/v1/score", json={"x": 1}).status_code == 404
    assert TOKEN not in pool.get("/stats").text
