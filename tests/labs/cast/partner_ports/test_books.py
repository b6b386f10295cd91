"""Books: an entry for a key once, whatever becomes of its answer; voided ones; how many are left."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from call_receipts import checked

from tests.labs.cast.partner_ports.conftest import KEY, Running
from tests.waiting import eventually


def charge(partners: Running, order: str, key: str = "", read_s: float = 20.0, **more: Any) -> httpx.Response:
    headers = {"idempotency_key": key} if key else {}
    return partners.send("charges", "POST", "/charges", {"order": order, **more}, read_s=read_s, **headers)


def reserve(partners: Running, order: str, box: str = "b1") -> httpx.Response:
    return partners.send("reservations", "POST", "/reservations", {"order": order, "box": box})


def test_an_entry_is_made_and_found(partners: Running) -> None:
    got = charge(partners, "o1", card="good")
    found = partners.send("charges", "GET", "/charges?order=o1").json()["entries"]

    assert got.status_code == 201
    assert [(one["id"], one["live"], one["body"]) for one in found] == [
        (got.json()["id"], True, {"order": "o1", "card": "good"})
    ]
    assert partners.entries("o1") == {"reservations": [], "charges": found}


def test_a_lost_answer_leaves_an_entry(partners: Running) -> None:
    partners.order({"kind": "drop", "port": "charges"})
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        charge(partners, "o2")

    eventually(lambda: partners.rows("charges")[-1]["outcome"] == "drop")
    [entry] = partners.entries("o2")["charges"]
    assert entry["live"]


def test_with_a_key_a_lost_answer_is_had_by_asking_again(partners: Running) -> None:
    partners.order({"kind": "drop", "port": "charges", "share": 0.6, "seed": 4, "per": "attempt"})
    lost, got = 0, None
    while got is None:
        try:
            got = charge(partners, "o3", "k3")
        except (httpx.RemoteProtocolError, httpx.ReadError):
            lost += 1
            assert lost < 50
    partners.order()

    assert got.status_code == 201
    assert [entry["id"] for entry in partners.entries("o3")["charges"]] == [got.json()["id"]]
    assert charge(partners, "o3", "k3").json() == got.json()


def test_who_leaves_has_still_made_an_entry(partners: Running) -> None:
    with pytest.raises(httpx.ReadTimeout):
        charge(partners, "o4", read_s=0.02)

    eventually(lambda: len(partners.entries("o4")["charges"]) == 1)
    eventually(lambda: partners.rows("charges")[-1]["outcome"] == "left")


def test_two_calls_with_one_key_at_once_are_one_entry(partners: Running) -> None:
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda _: charge(partners, "o5", "k5"), range(6)))

    assert {(got.status_code, got.json()["id"]) for got in found} == {(201, found[0].json()["id"])}
    assert len(partners.entries("o5")["charges"]) == 1
    assert len(partners.rows("charges")[-6:]) == 6


def test_one_key_with_another_body_is_a_conflict(partners: Running) -> None:
    assert charge(partners, "o6", "k6").status_code == 201
    assert charge(partners, "o6", "k6", card="x").status_code == 409
    assert charge(partners, "other", "k6").status_code == 409
    assert len(partners.entries("o6")["charges"]) == 1 and not partners.entries("other")["charges"]


def test_a_call_that_failed_leaves_its_key_free(partners: Running) -> None:
    for fault in ({"kind": "error"}, {"kind": "conflict"}, {"kind": "outage", "look": "503"}):
        partners.order({**fault, "port": "charges"})
        assert charge(partners, "o7", "k7").status_code in (503, 409)
    partners.order()
    assert charge(partners, "o7", "k7").status_code == 201
    assert len(partners.entries("o7")["charges"]) == 1


def test_who_waits_for_one_that_fails_tries_itself(partners: Running) -> None:
    partners.exam("/plan", {"seconds": {"charges": 1.5}})
    partners.order({"kind": "error", "port": "charges"})
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(charge, partners, "o8", "k8")
        eventually(lambda: partners.send("charges", "GET", "/stats").json()["open"] == 1)
        second = threads.submit(charge, partners, "o8", "k8")
        eventually(lambda: partners.send("charges", "GET", "/stats").json()["open"] == 2)
        partners.order()
        found = {first.result().status_code, second.result().status_code}

    assert found == {503, 201} and len(partners.entries("o8")["charges"]) == 1


def test_without_a_key_each_call_is_an_entry(partners: Running) -> None:
    assert charge(partners, "o9").json()["id"] != charge(partners, "o9").json()["id"]
    assert len(partners.entries("o9")["charges"]) == 2


def test_a_voided_entry_is_live_no_more_and_its_place_is_free(partners: Running) -> None:
    ids = [reserve(partners, f"v{n}").json()["id"] for n in range(3)]
    assert reserve(partners, "v9").status_code == 409
    assert free(partners, "b1") == 0
    for _ in range(2):
        got = partners.send("reservations", "POST", f"/reservations/{ids[1]}/void")
        assert got.status_code == 200 and not got.json()["live"]

    assert free(partners, "b1") == 1
    [entry] = partners.entries("v1")["reservations"]
    assert not entry["live"] and entry["made"] <= entry["voided"] <= time.time()
    assert reserve(partners, "v9").status_code == 201 and free(partners, "b1") == 0
    assert partners.send("reservations", "POST", "/reservations/none-such/void").status_code == 404
    assert (
        partners.exam("/ledger").json()["ports"]["reservations"] | {"made": 4, "live": 3}
        == (partners.exam("/ledger").json()["ports"]["reservations"])
    )


def free(partners: Running, box: str) -> int:
    return int(partners.send("reservations", "GET", f"/reservations/free/{box}").json()["free"])


def test_what_is_left_has_a_receipt(partners: Running) -> None:
    reserve(partners, "r1", "b2")
    before = time.time()
    got = partners.send("reservations", "GET", "/reservations/free/b2").json()
    said = checked(KEY, got["receipt"], "b2", 99)

    assert got["free"] == 99 and said is not None and said.who == "reservations"
    assert before - 0.01 <= said.issued <= time.time()
    assert not checked(KEY, got["receipt"], "b2", 100) and not checked(KEY, got["receipt"], "b1", 99)
    assert partners.send("reservations", "GET", "/reservations/free/none").status_code == 404
    assert partners.send("charges", "GET", "/charges/free/b1").status_code == 404


def test_what_the_plan_refuses_is_declined_again_and_again(partners: Running) -> None:
    for key in ("", "kd", "kd"):
        assert charge(partners, "bad-card", key, card="bad").status_code == 402
    assert partners.entries("bad-card")["charges"] == []


@pytest.mark.parametrize("body", [None, [], {}, {"order": 1}, {"order": ""}, {"order": "x" * 201}])
def test_an_entry_without_a_key_field_is_refused(partners: Running, body: Any) -> None:
    assert partners.send("charges", "POST", "/charges", body).status_code == 422
    assert reserve(partners, "x", "").status_code == 422


def test_a_new_plan_is_an_empty_book_and_keys_are_free(partners: Running) -> None:
    first = charge(partners, "o10", "k10").json()
    partners.exam("/plan", {"levels": {"reservations": {"b1": 1}}})

    assert partners.entries("o10")["charges"] == []
    assert charge(partners, "o10", "k10", card="x").status_code == 201 and first["id"] == "charges-1"
    assert free(partners, "b1") == 1


def test_other_paths_are_none_of_its(partners: Running) -> None:
    for method, path in (
        ("POST", "/reservations"),
        ("GET", "/charges"),
        ("GET", "/charges?box=1"),
        ("DELETE", "/charges"),
    ):
        assert partners.send("charges", method, path, {"order": "o"}).status_code == 404
