"""Every kind of answer ends as the event it should, and none harms the generator."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import product
from pathlib import Path

import pytest

from grader.load.trial import CHECKS_S, CHECKS_SHARE
from tests.grader.load.load_helpers import Server, plan, run
from tests.grader.load.load_helpers import events as lines

METHODS = ("GET", "POST")
ANSWERS = [
    ("/ok", 200, "right", ""),
    ("/until-close", 200, "right", ""),
    ("/wrong", 200, "wrong", ""),
    ("/redirect", 302, "wrong", ""),
    ("/bad-utf8", 200, "wrong", ""),
    ("/json", 0, "none", "too-long"),
    ("/nested", 200, "wrong", "malformed"),
    ("/silent", 0, "none", "timeout"),
    ("/trickle", 0, "none", "timeout"),
    ("/head-trickle", 0, "none", "timeout"),
    ("/endless", 0, "none", "too-long"),
    ("/endless-head", 0, "none", "too-long"),
    ("/eof", 0, "none", "eof"),
    ("/short", 0, "none", "eof"),
    ("/reset", 0, "none", "reset"),
    ("/garbage", 0, "none", "protocol"),
]


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], tuple[Path, Server]]]:
    """Where the events are of each path and method, each a trial with a server of its own, side by side."""
    trials, found = [], {}
    with ExitStack() as stack:
        for method, (path, *_) in product(METHODS, ANSWERS):
            folder, server = tmp_path_factory.mktemp("trial"), stack.enter_context(closing(Server()))
            order = plan(folder, server.address, seconds=0.2, path=path, method=method, timeout_s=2)
            trials += order["trials"]
            found[path, method] = (folder / "events.jsonl", server)
        run(tmp_path_factory.mktemp("plan"), {"trials": trials})
        yield found


@pytest.mark.parametrize(("path", "status", "answer", "error"), ANSWERS)
@pytest.mark.parametrize("method", METHODS)
def test_answer(answered, method: str, path: str, status: int, answer: str, error: str) -> None:
    file, server = answered[path, method]
    *events, footer = lines(file)

    assert {(e["status"], e["answer"], e["error"]) for e in events} == {(status, answer, error)}
    assert all((e["done"] is None) == (status == 0) for e in events)
    assert footer == {"end": True, "events": 4, "reason": "finished"}
    assert len(server.heads) == 4, "a request was repeated or a redirect followed"


def test_answers_that_cost_too_much_are_wrong_unseen(tmp_path: Path, server: Server) -> None:
    """Each of these takes a hundredth of a second to parse; a small one is looked at all the same."""
    *events, _ = run(tmp_path, plan(tmp_path, server.address, seconds=2.0, rate=100, path="/costly", cost_s=0.02))
    *small, _ = run(tmp_path, plan(tmp_path, server.address, seconds=1.5, rate=50, path="/ok", cost_s=0.02))

    errors = [event["error"] for event in events]
    allowed_s = CHECKS_S + CHECKS_SHARE * max(event["done"] for event in events)  # a busy machine has more time for it
    assert errors[0] == "" and 10 < errors.count("") <= allowed_s / 0.02 + 1 and set(errors) == {"", "costly"}
    assert {event["answer"] for event in events if event["error"]} == {"wrong"}
    assert {event["answer"] for event in small} == {"right"}


def test_a_trial_is_over_when_all_is_answered(tmp_path: Path, server: Server) -> None:
    order = plan(tmp_path, server.address)
    (trial,) = order["trials"]
    trial |= {"until_answered": True}
    trial["phases"].append({"phase": "waiting", "start": 0.5, "seconds": 60.0, "rate": 0.0})
    trial["probes"] = [
        {"name": "split", "url": "http://gateway:8080/value", "every_s": 0.2, "check": "split",
         "module": str(tmp_path / "exam.py")}
    ]  # fmt: skip
    began = time.monotonic()

    *events, footer = run(tmp_path, order)

    assert footer["reason"] == "finished" and time.monotonic() - began < 50
    assert sum(event["kind"] == "request" for event in events) == 10
    assert 2 <= sum(event["kind"] == "probe" for event in events) < 30


def test_a_closed_port_is_refused(tmp_path: Path) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))  # held, so that it is nobody else's; not listening
        *events, _ = run(tmp_path, plan(tmp_path, f"127.0.0.1:{deaf.getsockname()[1]}", seconds=0.2))

    assert [e["error"] for e in events] == ["refused"] * 4


def test_the_event_carries_what_the_architecture_says(tmp_path: Path, server: Server) -> None:
    from grader.events import COLUMNS
    from grader.load.schedule import request_id

    *events, _ = run(tmp_path, plan(tmp_path, server.address))

    first = min(events, key=lambda e: e["due"])
    assert list(first) == list(COLUMNS)
    assert (first["trial"], first["kind"], first["name"], first["phase"]) == ("wrong.0", "request", "route", "only")
    assert (first["segment"], first["served_by"], first["id"]) == ("gold", "a-1", request_id(7, 0))
    assert 0 < first["due"] <= first["sent"] <= first["done"]
    assert f"x-request-id: {request_id(7, 0)}".encode() in b"".join(server.heads)


def test_connections_are_reused(tmp_path: Path, server: Server) -> None:
    *events, _ = run(tmp_path, plan(tmp_path, server.address, seconds=1, rate=50))

    at_once = max(sum(e["sent"] <= one["sent"] <= e["done"] for e in events) for one in events)
    assert len(server.heads) == 50
    assert server.connections <= 2 * at_once, "more than were ever needed, and as many again"


def test_a_server_that_closes_idle_connections_is_not_blamed(tmp_path: Path, server: Server) -> None:
    *events, _ = run(tmp_path, plan(tmp_path, server.address, seconds=2, rate=30, path="/closing"))

    assert {e["answer"] for e in events} == {"right"}


def test_too_many_unanswered_requests_are_recorded_as_overflow(tmp_path: Path, server: Server) -> None:
    order = plan(tmp_path, server.address, seconds=1, rate=20, path="/silent", timeout_s=1.5)

    *events, _ = run(tmp_path, {**order, "outstanding": 5})

    assert len(events) == 20
    assert [e["sent"] for e in events if e["error"] == "overflow"] == [None] * 15


def test_keep_bounds_the_file(tmp_path: Path, server: Server) -> None:
    *events, footer = run(tmp_path, {**plan(tmp_path, server.address), "keep": 4})

    assert len(events) == 4
    assert footer == {"end": True, "events": 4, "reason": "finished", "dropped": 6}
