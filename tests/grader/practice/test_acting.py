"""A live page's button: its calls in order, the token only to sealed ports, and one sentence for what is refused."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from pydantic import ValidationError

from grader.course.action import Action
from grader.course.spec import LabSpec
from grader.errors import BadInput
from grader.practice import acting, rig, workspace
from infra.runtime import Address

SEALED = {"service": "desk", "port": 8000, "path": "/control", "payload": {"fault": "none"}}
OPEN = {"service": "desk", "port": 8000, "path": "/open", "sealed": False}
SPEC = {
    "id": "desk",
    "title": "t",
    "question": "q",
    "level": "beginner",
    "minutes": 5,
    "open": ["desk"],
    "actions": [
        {"id": "roll-out", "title": "Roll out", "does": "It is rolled out.", "steps": [SEALED, OPEN]},
        {"id": "crowd", "title": "Send a crowd", "does": "Many come.", "rate": 60},
        {"id": "refused", "title": "Try", "does": "It is tried.", "steps": [{**OPEN, "path": "/no"}, SEALED]},
    ],
}


class System(http.server.BaseHTTPRequestHandler):
    """A system and its one port."""

    asked: list[tuple[str, str, bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.asked.append((self.path, self.headers.get("authorization", ""), body))
        self.send_response(409 if self.path == "/no" else 202)
        self.end_headers()
        self.wfile.write(b"a rollout\x1b[2J is running")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def lab() -> Any:
    class Lab:
        id, spec = "desk", LabSpec.model_validate(SPEC)

    return Lab()


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), System)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(workspace, "load", lambda _: workspace.State(token="secret"))
    monkeypatch.setattr(System, "asked", [])

    class Deployment:
        def address(self, service: str, port: int) -> Address:
            return Address("127.0.0.1", server.server_address[1])

    yield Deployment()
    server.shutdown()
    server.server_close()


def test_steps_are_made_in_order_and_the_token_stays_with_sealed_ports(lab: Any, deployment: Any) -> None:
    assert acting.act(lab, deployment, "roll-out").does == "It is rolled out."

    assert System.asked == [("/control", "Bearer secret", b'{"fault": "none"}'), ("/open", "", b"{}")]


def test_a_rate_is_what_the_traffic_has_from_now_on(lab: Any, deployment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []
    monkeypatch.setattr(rig, "keep_traffic", lambda *given: kept.append(given))
    monkeypatch.setattr(workspace, "lock", lambda _: nullcontext())

    acting.act(lab, deployment, "crowd")
    acting.act(lab, deployment, "roll-out")

    assert kept == [(lab, deployment, 60.0)]


def test_an_action_without_steps_or_a_rate_is_refused() -> None:
    with pytest.raises(ValidationError, match="needs steps or a rate"):
        Action.model_validate({"id": "none", "title": "t", "does": "d"})


def test_the_first_refusal_ends_it_in_a_sentence(lab: Any, deployment: Any) -> None:
    with pytest.raises(
        BadInput, match=r"^`Try`: desk:8000/no answered with status 409, a rollout.*is running$"
    ) as said:
        acting.act(lab, deployment, "refused")

    assert "\x1b" not in str(said.value) and [path for path, *_ in System.asked] == ["/no"]


@pytest.mark.parametrize("name", ["", "none", "../roll-out", "\x1b"])
def test_an_action_that_is_none_is_refused(lab: Any, deployment: Any, name: str) -> None:
    with pytest.raises(BadInput, match="has no action"):
        acting.act(lab, deployment, name)
    assert System.asked == []


def test_a_system_from_before_has_no_token(lab: Any, deployment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "load", lambda _: workspace.State())
    with pytest.raises(BadInput, match="stop the lab and start it again"):
        acting.act(lab, deployment, "roll-out")
    assert System.asked == []
