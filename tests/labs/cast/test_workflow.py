"""Prefect's server and the runner in every runtime that is there, as a lab deploys them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.runtime import Deployment
from infra.system import load_system
from tests.infra.toy import Place, eventually, places, usable

pytestmark = pytest.mark.slow  # the runner is also seen in the nights of resumable-pipeline

SYSTEM = load_system(Path(__file__).parent / "systems" / "workflow" / "compose.yaml")


@dataclass(frozen=True)
class Workflow:
    """Where both are reached."""

    deployment: Deployment
    client: httpx.Client
    runner: str
    prefect: str
    numbers: Iterator[int]

    def start(self, job: str, what: str = "flow", **more: Any) -> str:
        """Start a run; its name."""
        name = f"run-{next(self.numbers)}"
        limits = {key: more.pop(key) for key in ("file_limit", "at_limit") if key in more}
        order = {"name": name, "arguments": {"job": job, "what": what, **more}, **limits}
        assert self.client.post(f"{self.runner}/runs", json=order).status_code == 201
        return name

    def look(self, name: str) -> dict[str, Any]:
        """The run as it is now."""
        found: dict[str, Any] = self.client.get(f"{self.runner}/runs/{name}").json()
        return found

    def end(self, name: str) -> dict[str, Any]:
        """The run once it has ended."""
        eventually(lambda: self.look(name)["state"] == "ended", within_s=40)
        return self.look(name)

    def kill(self, name: str, after_s: float = 0) -> dict[str, Any]:
        """Kill a run."""
        found: dict[str, Any] = self.client.post(f"{self.runner}/runs/{name}/kill", json={"after_s": after_s}).json()
        return found


@pytest.fixture(scope="module", params=places())
def workflow(request: pytest.FixtureRequest) -> Iterator[Workflow]:
    usable(request.param, SYSTEM)
    place = Place(request.param)
    deployment = place.deploy(SYSTEM, ready_timeout_s=75.0)
    with httpx.Client(timeout=20) as client:
        urls = [f"http://{at.host}:{at.port}" for at in map(deployment.address, ("pipeline", "prefect"), (8080, 4200))]
        yield Workflow(deployment, client, *urls, numbers=count())
    place.stop_all()


def test_flow_runs_are_known_to_the_server(workflow: Workflow) -> None:
    ended = workflow.end(workflow.start("known"))

    assert (ended["code"], ended["signal"]) == (0, None), ended["log"]
    found = workflow.client.post(f"{workflow.prefect}/api/flow_runs/filter", json={}).json()
    assert "COMPLETED" in [run["state_type"] for run in found if run["parameters"]["job"] == "known"]


def test_runs_build_no_models_of_prefect_and_tell_no_events(workflow: Workflow) -> None:
    """Another Prefect may have other models: then those belong into `labs/cast/runner/built_models.py`."""
    ended = workflow.end(workflow.start("built", "built"))

    said = ended["log"].strip().splitlines()[-1]
    assert said.endswith("own: [] telling: 0") and not said.startswith("all: 0"), said


def test_a_persisted_step_is_not_done_again_after_a_kill(workflow: Workflow) -> None:
    first = workflow.start("resumed", sleep_s=60)
    eventually(lambda: "steps x" in workflow.look(first)["log"], within_s=40)
    assert workflow.kill(first)["killed"] == 1

    ended = workflow.end(first)
    again = workflow.end(workflow.start("resumed"))

    assert (ended["code"], ended["signal"]) == (None, 9)
    assert again["code"] == 0 and "steps x\n" in again["log"]


def test_flows_begun_together_all_end(workflow: Workflow) -> None:
    ended = [workflow.end(name) for name in [workflow.start(f"together-{n}") for n in range(6)]]

    assert [run["code"] for run in ended] == [0] * 6


@pytest.mark.parametrize(("at_limit", "code", "signal"), [("kill", None, 25), ("full", 1, None)])
def test_a_write_stops_at_the_byte_that_was_named(
    workflow: Workflow, at_limit: str, code: int | None, signal: int | None
) -> None:
    job = f"written-{at_limit}"
    ended = workflow.end(workflow.start(job, "write", size=500_000, file_limit=123_456, at_limit=at_limit))
    looked = workflow.end(workflow.start(job, "look"))

    assert (ended["code"], ended["signal"]) == (code, signal)
    assert "size 123456 " in looked["log"]
    assert ("File too large" in ended["log"]) == (at_limit == "full")


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "ends by itself"])
def test_nothing_outlives_its_run(workflow: Workflow, killed: bool) -> None:
    job = f"escaped-{killed}"
    other = workflow.start("bystander", "escape", sleep_s=60)
    name = workflow.start(job, "escape", sleep_s=60 if killed else 0.5)
    if killed:
        eventually(lambda: workflow.end(workflow.start(job, "look"))["code"] == 0, within_s=20)
        assert workflow.kill(name)["killed"] == 2
    workflow.end(name)

    looks = [workflow.end(workflow.start(job, "look"))["log"] for _ in range(2)]
    alive = [workflow.end(workflow.start("bystander", "look"))["log"] for _ in range(2)]

    assert looks[0] == looks[1]
    assert alive[0] != alive[1]
    workflow.kill(other)


def test_a_kill_may_come_later(workflow: Workflow) -> None:
    name = workflow.start("later", "escape", sleep_s=60)

    assert workflow.kill(name, after_s=0.3)["killed"] == 0

    ended = workflow.end(name)
    assert ended["signal"] == 9 and ended["seconds"] < 50


def test_runs_draw_different_numbers(workflow: Workflow) -> None:
    logs = [workflow.end(workflow.start("drawn", "random"))["log"] for _ in range(2)]

    assert logs[0] != logs[1]
    assert logs[0].split()[1] != logs[1].split()[1]


def test_an_exception_is_told_with_its_traceback(workflow: Workflow) -> None:
    ended = workflow.end(workflow.start("broken", "nonsense"))

    assert ended["code"] == 1
    assert "ValueError: there is no 'nonsense'" in ended["log"]


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (b"no", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[]", "object"),
        (b"{}", "name"),
        (b'{"name": "../x"}', "name"),
        (b'{"name": "a", "arguments": []}', "arguments"),
        (b'{"name": "a", "file_limit": -1}', "file_limit"),
        (b'{"name": "a", "file_limit": true}', "file_limit"),
        (b'{"name": "a", "at_limit": "burn"}', "at_limit"),
    ],
)
def test_what_makes_no_sense_is_refused(workflow: Workflow, order: bytes, says: str) -> None:
    got = workflow.client.post(f"{workflow.runner}/runs", content=order)

    assert got.status_code == 422
    assert says in got.json()["error"]


def test_a_name_is_used_once(workflow: Workflow) -> None:
    name = workflow.start("once", "look")

    got = workflow.client.post(f"{workflow.runner}/runs", json={"name": name})

    assert got.status_code == 422 and name in got.json()["error"]
    assert workflow.client.get(f"{workflow.runner}/runs/nobody").status_code == 404
    assert workflow.client.post(f"{workflow.runner}/runs/nobody/kill").status_code == 404


def test_a_client_that_says_nothing_does_not_hold_others_up(workflow: Workflow) -> None:
    at = workflow.deployment.address("pipeline", 8080)
    with socket.create_connection((at.host, at.port)):
        assert workflow.client.get(f"{workflow.runner}/healthz").status_code == 200
