"""Partners that are called: what they answer, write down, and what faults do to one call, one id, one tenant."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from call_faults.vocabulary import draw

from tests.labs.cast.conftest import TOKEN
from tests.labs.cast.partner_ports.conftest import Running
from tests.waiting import eventually

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def scan(partners: Running, id: str, body: Any = None, **headers: str) -> httpx.Response:
    return partners.send("scan", "POST", "/pages", {"n": 1} if body is None else body, x_request_id=id, **headers)


def test_a_call_is_answered_with_what_was_sent_and_written_down(partners: Running) -> None:
    before = time.time()
    got = scan(partners, "c1", x_tenant="Harbour", traceparent=TRACE)

    assert got.status_code == 200 and got.json() == {"ok": True, "echo": {"n": 1}}
    row = partners.rows("scan")[-1]
    assert (row["id"], row["tenant"], row["endpoint"], row["outcome"]) == ("c1", "Harbour", "pages", "answered")
    assert (row["trace"], row["span"]) == (TRACE[3:35], TRACE[36:52])
    assert before - 0.01 <= row["begun"] <= row["ended"] - 0.02


@pytest.mark.parametrize(
    ("fault", "status", "outcome"),
    [
        ({"kind": "error", "status": 503}, 503, "error"),
        ({"kind": "error", "status": 500}, 500, "error"),
        ({"kind": "conflict"}, 409, "conflict"),
        ({"kind": "rate_limit", "retry_after_s": 0.2}, 429, "rate_limit"),
        ({"kind": "outage", "look": "503"}, 503, "outage"),
        ({"kind": "slow", "add_s": 0.2}, 200, "answered"),
    ],
)
def test_a_fault_hits_a_tenant_of_a_partner_and_nobody_else(
    partners: Running, fault: dict[str, Any], status: int, outcome: str
) -> None:
    partners.order({**fault, "port": "scan", "tenant": "Harbour"})
    begun = time.monotonic()
    assert scan(partners, "f1", x_tenant="Harbour").status_code == status
    took = time.monotonic() - begun
    assert scan(partners, "f2", x_tenant="Other").status_code == 200
    assert partners.send("narrow", "POST", "/x", {}, x_tenant="Harbour").status_code == 200

    hit, spared = partners.rows("scan")[-2:]
    assert (hit["outcome"], hit["status"], hit["faults"]) == (outcome, status, [fault["kind"]])
    assert spared["faults"] == [] and (took >= 0.22 or fault["kind"] != "slow")
    assert partners.exam("/faults").json()["acted"] == {"scan": {fault["kind"]: 1}}


def test_a_malformed_answer_is_cut_short_with_its_status(partners: Running) -> None:
    partners.order({"kind": "malformed", "port": "scan"})
    got = scan(partners, "m1")

    assert got.status_code == 200
    with pytest.raises(ValueError, match="JSON|Expecting|Unterminated"):
        got.json()
    assert partners.rows("scan")[-1]["outcome"] == "malformed"


@pytest.mark.parametrize("kind", ["drop", "truncated", "outage"])
def test_a_connection_that_is_cut(partners: Running, kind: str) -> None:
    partners.order({"kind": kind, "port": "scan"})
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        scan(partners, "d1")

    eventually(lambda: partners.rows("scan")[-1]["outcome"] == kind)


def test_a_hang_lasts_until_the_caller_leaves(partners: Running) -> None:
    partners.order({"kind": "timeout", "port": "scan"})
    with pytest.raises(httpx.ReadTimeout):
        partners.send("scan", "POST", "/pages", {}, read_s=0.3, x_request_id="h1")

    eventually(lambda: partners.rows("scan")[-1]["outcome"] == "timeout")
    row = partners.rows("scan")[-1]
    assert row["status"] == 0 and 0.25 <= row["ended"] - row["begun"] < 10


def test_the_fate_of_an_id_is_fixed_and_can_be_known_before(partners: Running) -> None:
    partners.order(
        {"kind": "slow", "port": "narrow", "add_s": 1}, {"kind": "error", "share": 0.4, "per": "id", "seed": 9}
    )
    ids = [f"id-{n}" for n in range(30)]
    failed = {id for id in ids for _ in range(2) if scan(partners, id).status_code == 503}

    assert failed == {id for id in ids if draw(9, 1, "error", id, 0) < 0.4}
    assert 0 < len(failed) < 30


def test_each_attempt_is_drawn_anew(partners: Running) -> None:
    partners.order({"kind": "error", "share": 0.5, "seed": 3})
    found = [scan(partners, "again").status_code for _ in range(12)]

    assert set(found) == {200, 503}
    attempts = [row["attempt"] for row in partners.rows("scan")[-12:]]
    assert attempts == list(range(attempts[0], attempts[0] + 12))


def test_ids_of_a_batch_have_each_their_fate(partners: Running) -> None:
    partners.order({"kind": "error", "share": 0.4, "per": "id", "seed": 9, "status": 500})
    ids = [f"id-{n}" for n in range(30)]
    got = scan(partners, "the-batch", {"items": [{"id": id, "tenant": "T"} for id in ids]}, traceparent=TRACE)
    bad = {id for id in ids if draw(9, 0, "error", id, 0) < 0.4}

    assert got.status_code == 200 and not got.json()["ok"]
    assert {row["id"] for row in got.json()["items"] if not row["ok"]} == bad
    rows = partners.rows("scan")[-30:]
    assert [row["id"] for row in rows] == ids
    assert {row["id"] for row in rows if (row["outcome"], row["status"]) == ("error", 500)} == bad
    assert {(row["span"], row["tenant"]) for row in rows} == {(TRACE[36:52], "T")}
    assert partners.exam("/faults").json()["acted"] == {"scan": {"error": len(bad)}}


def test_what_hits_a_batch_hits_it_as_a_whole(partners: Running) -> None:
    body = {"items": [{"id": f"i{n}"} for n in range(4)]}
    partners.order({"kind": "conflict", "tenant": "X"}, {"kind": "slow", "add_s": 0.2, "share": 0.5, "per": "id"})
    slow: dict[str, bool] = {}
    for n in range(12):
        begun = time.monotonic()
        assert scan(partners, f"batch-{n}", body).json()["ok"]
        slow[f"batch-{n}"] = time.monotonic() - begun >= 0.22

    told = partners.rows("scan")[-48:]
    hit = [set(map(str, (row["faults"] for row in told[4 * n : 4 * n + 4]))) for n in range(12)]
    assert hit == [{"['slow']"} if draw(0, 1, "slow", f"batch-{n}", 0) < 0.5 else {"[]"} for n in range(12)]
    assert all(slow[f"batch-{n}"] for n in range(12) if hit[n] == {"['slow']"})


@pytest.mark.parametrize(
    "items", [[], [{}], [{"id": 1}], [{"id": ""}], [{"id": "a", "tenant": 1}], [{"id": "a"}] * 501, ["a"]]
)
def test_an_odd_batch_is_refused(partners: Running, items: Any) -> None:
    got = scan(partners, "odd", {"items": items})

    assert got.status_code == 422 and got.json()["error"]
    assert partners.rows("scan")[-1]["outcome"] == "refused"


@pytest.mark.parametrize("body", [b"[" * 9999, b"{", b"\xff\xfe", b'{"x": 1e999}', b"NaN"])
def test_a_body_that_is_no_json_is_refused(partners: Running, body: bytes) -> None:
    assert scan(partners, "odd", body).status_code == 422


def test_a_body_that_is_huge_or_cut_short_does_nothing(partners: Running) -> None:
    assert scan(partners, "huge", b" " * ((1 << 20) + 1)).status_code == 413
    host, _, port = partners.ports["charges"].partition(":")
    before = partners.exam("/ledger").json()["ports"]["charges"]["calls"]
    with socket.create_connection((host, int(port))) as caller:
        caller.sendall(b"POST /charges HTTP/1.1\r\nhost: x\r\ncontent-length: 90\r\n\r\n" + b'{"order": "cut"}')
        time.sleep(0.05)
    eventually(lambda: partners.exam("/ledger").json()["ports"]["charges"]["calls"] == before + 1)

    assert partners.entries("cut")["charges"] == [] and partners.rows("charges")[-1]["outcome"] == "left"


def test_a_call_without_an_id_has_a_fate_of_its_own(partners: Running) -> None:
    partners.order({"kind": "error", "share": 0.5, "per": "id", "seed": 1})

    assert {partners.send("scan", "POST", "/pages", {}).status_code for _ in range(16)} == {200, 503}


def test_who_finds_no_slot_waits(partners: Running) -> None:
    with ThreadPoolExecutor(3) as threads:
        begun = time.monotonic()
        found = list(threads.map(lambda _: partners.send("narrow", "POST", "/x", {}).status_code, range(3)))

    assert found == [200, 200, 200] and time.monotonic() - begun >= 0.6
    waited = sorted(row["waited"] for row in partners.rows("narrow")[-3:])
    assert waited[0] < waited[1] < waited[2] and waited[2] >= 0.3


def test_a_probe_meets_all_that_match_takes_no_slot_and_counts_apart(partners: Running) -> None:
    before = partners.exam("/ledger").json()
    partners.order({"kind": "error", "share": 0.001, "tenant": "Harbour"})
    assert partners.send("scan", "POST", "/pages", x_probe=TOKEN, x_tenant="Harbour").status_code == 503
    assert partners.send("scan", "POST", "/pages", x_probe=TOKEN).json() == {"probe": True}
    assert partners.send("charges", "POST", "/charges", x_probe=TOKEN).status_code == 200
    assert partners.send("scan", "POST", "/pages", {}, x_probe="wrong").json()["ok"]

    after = partners.exam("/ledger").json()
    assert after["probed"] - before["probed"] == 3 and after["calls"] - before["calls"] == 1
    assert after["probes"]["error"] - before["probes"].get("error", 0) == 1 and after["ports"]["charges"]["made"] == 0


def test_the_figures_of_a_partner(partners: Running) -> None:
    before = partners.send("scan", "GET", "/stats").json()
    scan(partners, "s")
    eventually(lambda: scan(partners, "s") and partners.send("scan", "GET", "/stats").json()["last_second"] >= 1)
    now = partners.send("scan", "GET", "/stats").json()

    assert now["calls"] - before["calls"] >= 2 and now["open"] == 0
    assert partners.send("scan", "GET", "/pulse").status_code == 200
    assert partners.send("scan", "GET", "/pages").status_code == 404
    assert partners.send("scan", "POST", "/").status_code == 404


@pytest.mark.parametrize(
    "faults",
    [
        [{"kind": "slow", "add_s": 1, "port": "nobody"}],
        [{"kind": "hold", "add_s": 1, "port": "scan"}],
        [{"kind": "error", "status": 409}],
        [{"kind": "wrong"}],
        [{"kind": "slow"}],
        {},
    ],
)
def test_a_fault_that_would_do_nothing_is_refused(partners: Running, faults: Any) -> None:
    got = partners.exam("/faults", {"faults": faults})

    assert got.status_code == 422 and got.json()["error"]
    assert partners.exam("/faults").json()["faults"] == []


@pytest.mark.parametrize(
    "plan",
    [
        {"key": "short"},
        {"more": 1},
        {"seconds": {"nobody": 1}},
        {"seconds": {"scan": -1}},
        {"levels": {"scan": {}}},
        {"levels": {"reservations": {"b1": "3"}}},
        {"refused": {"charges": {"card": "bad"}}},
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_and_changes_nothing(partners: Running, plan: Any) -> None:
    before = partners.exam("/ledger").json()["plan"]
    got = partners.exam("/plan", plan)

    assert got.status_code == 422 and got.json()["error"]
    assert partners.exam("/ledger").json()["plan"] == before
    assert partners.exam("/ledger", token="another").status_code == 401


def test_a_plan_says_what_calls_take(partners: Running) -> None:
    partners.exam("/plan", {"seconds": {"scan": 0.3}})
    begun = time.monotonic()
    scan(partners, "p1")

    assert time.monotonic() - begun >= 0.3


def test_hundreds_of_calls_at_once_are_each_answered_and_entered(partners: Running) -> None:
    before = partners.exam("/ledger").json()["ports"]["scan"]["calls"]
    with ThreadPoolExecutor(40) as threads:
        found = list(threads.map(lambda n: scan(partners, f"many-{n}", {"n": n}).json()["echo"]["n"], range(400)))

    assert found == list(range(400))
    eventually(lambda: partners.exam("/ledger").json()["open"] == 0)
    assert partners.exam("/ledger").json()["ports"]["scan"]["calls"] == before + 400
