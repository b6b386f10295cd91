"""Queues: in order, held back, seen again, and what the ledger has of each message."""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx
import pytest

from tests.labs.cast.conftest import TOKEN
from tests.labs.cast.partner_ports.conftest import Running
from tests.waiting import eventually


def put(partners: Running, body: Any, id: str = "m", queue: str = "claims", **more: Any) -> httpx.Response:
    return partners.send(queue, "POST", "/messages", {"body": body, **more}, x_request_id=id, x_tenant="T")


def get(partners: Running, most: int = 10, wait_s: float = 0.0, queue: str = "claims") -> list[dict[str, Any]]:
    return list(partners.send(queue, "GET", f"/messages?most={most}&wait_s={wait_s}").json()["messages"])


def delete(partners: Running, message: dict[str, Any], queue: str = "claims") -> int:
    return partners.send(queue, "DELETE", f"/messages/{message['receipt']}").status_code


def kept(partners: Running, queue: str = "claims") -> list[dict[str, Any]]:
    return list(partners.exam(f"/ledger/messages/{queue}?since=0").json()["messages"])


def test_messages_come_in_order_with_their_attributes(partners: Running) -> None:
    for n in range(4):
        put(partners, {"n": n}, f"m{n}", attributes={"traceparent": f"t{n}"})
    first, rest = get(partners, most=1), get(partners)

    assert [one["body"]["n"] for one in first + rest] == [0, 1, 2, 3]
    assert [one["attributes"] for one in first] == [{"traceparent": "t0"}]
    assert [one["id"] for one in rest] == ["m1", "m2", "m3"] and get(partners) == []


def test_what_is_not_deleted_is_seen_again(partners: Running) -> None:
    put(partners, "a", queue="again")
    put(partners, "b", queue="again")
    first, second = get(partners, queue="again")
    assert delete(partners, first, "again") == 200
    again = get(partners, wait_s=15, queue="again")

    assert [(one["body"], one["received"]) for one in again] == [("b", 2)]
    assert delete(partners, second, "again") == 404, "its receipt is an old one"
    assert delete(partners, again[0], "again") == 200 and delete(partners, again[0], "again") == 404
    assert get(partners, wait_s=0.5, queue="again") == []
    rows = kept(partners, "again")
    assert [(row["received"], row["deleted"] > 0) for row in rows] == [(1, True), (2, True)]
    assert all(row["put"] <= row["first"] <= row["deleted"] for row in rows)


def test_who_waits_has_it_when_it_comes(partners: Running) -> None:
    found: list[Any] = []
    waiting = threading.Thread(target=lambda: found.extend(get(partners, wait_s=10)))
    waiting.start()
    eventually(lambda: partners.send("claims", "GET", "/stats").json()["open"] == 1)
    put(partners, "late")
    waiting.join(5)

    assert [one["body"] for one in found] == ["late"]
    begun = time.monotonic()
    assert get(partners, wait_s=0.2) == [] and time.monotonic() - begun >= 0.2


def test_what_is_held_is_seen_later(partners: Running) -> None:
    partners.order({"kind": "hold", "add_s": 3, "port": "claims"}, {"kind": "error", "port": "scan"})
    put(partners, "held", "h1")
    partners.order()
    put(partners, "free", "h2")

    assert [one["body"] for one in get(partners)] == ["free"]
    assert [one["body"] for one in get(partners, wait_s=15)] == ["held"]
    row = next(row for row in kept(partners) if row["id"] == "h1")
    assert row["first"] - row["put"] >= 3
    call = next(row for row in partners.rows("claims")[::-1] if row["id"] == "h1")
    assert (call["endpoint"], call["faults"], call["outcome"], call["tenant"]) == ("put", ["hold"], "answered", "T")


def test_a_hold_does_not_hide_what_hits_a_get(partners: Running) -> None:
    partners.order({"kind": "hold", "add_s": 0.1}, {"kind": "error", "port": "claims", "endpoint": "get"})

    assert put(partners, "x").status_code == 200
    assert partners.send("claims", "GET", "/messages").status_code == 503
    assert partners.send("claims", "GET", "/messages", x_probe=TOKEN).status_code == 503


def test_who_leaves_while_waiting_takes_nothing_away(partners: Running) -> None:
    with pytest.raises(httpx.ReadTimeout):
        partners.send("claims", "GET", "/messages?wait_s=5", read_s=0.2)
    partners.send("claims", "GET", "/stats")  # it has heard by now that the first has left
    put(partners, "mine")

    assert [one["body"] for one in get(partners, wait_s=0.1)] == ["mine"]


def test_figures(partners: Running) -> None:
    for n in range(3):
        put(partners, n)
    [one] = get(partners, most=1)
    now = partners.send("claims", "GET", "/stats").json()
    assert (now["waiting"], now["unseen"], now["deleted"]) == (2, 1, 0)

    delete(partners, one)
    assert partners.exam("/ledger").json()["ports"]["claims"]["deleted"] == 1
    partners.exam("/plan", {})
    assert get(partners) == [] and kept(partners) == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/messages", {}, 422),
        ("POST", "/messages", {"body": 1, "attributes": {"a": 1}}, 422),
        ("POST", "/messages", [], 422),
        ("GET", "/messages?wait_s=21", None, 422),
        ("GET", "/messages?wait_s=nan", None, 422),
        ("GET", "/messages?most=soon", None, 422),
        ("GET", "/messages?most=11", None, 422),
        ("DELETE", "/messages/none", None, 404),
        ("DELETE", "/messages", None, 404),
        ("GET", "/", None, 404),
    ],
)
def test_what_makes_no_sense_is_refused(partners: Running, method: str, path: str, body: Any, status: int) -> None:
    assert partners.send("claims", method, path, body).status_code == status


def test_other_partners_have_no_messages(partners: Running) -> None:
    assert partners.exam("/ledger/messages/scan").status_code == 404
    assert partners.exam("/ledger/messages/claims?since=soon").status_code == 422
