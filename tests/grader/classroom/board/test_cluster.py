"""On a real cluster: desks and submissions, made as a participant and an examiner would make them, reach the board.
No pod is started."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from grader.classroom.board import source as sources
from grader.classroom.board.run import board
from grader.classroom.board.source import ClusterSource
from grader.classroom.cluster import model, store
from grader.classroom.cluster.model import Objective, State
from grader.classroom.cluster.names import (
    DESK,
    FULL_NAME,
    NICKNAME,
    PARTICIPANT,
    PLACE,
    TEACHER,
    WORKSHOP,
    desk_namespace,
    teacher_namespace,
)
from infra.errors import InfraError, PlatformBroken, RuntimeUnavailable
from infra.k8s import check, cluster
from tests.grader.classroom.settling import settle

pytestmark = pytest.mark.timeout(300)
ROOT = Path(__file__).parents[4]
PEOPLE = {"ada": "brisk otter", "bo": "calm newt", "chen": "lucky koala"}
ARCHIVE = "QUJD" * 1000


@dataclass(frozen=True)
class Place:
    context: str
    workshop: str

    def space(self, who: str) -> str:
        return desk_namespace(self.workshop, who)


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    try:
        context = cluster.context()
        check.check(context)
    except RuntimeUnavailable as error:
        pytest.skip(str(error))
    made = Place(context, f"b-{secrets.token_hex(3)}")
    spaces = [teacher_namespace(made.workshop), *map(made.space, PEOPLE)]
    try:
        store.install(context)
        _fill(made)
        yield made
    finally:
        for space in spaces:
            with cluster.talking("removing what the test made"):
                store.delete(context, f"/api/v1/namespaces/{space}")


def _fill(made: Place) -> None:
    home = teacher_namespace(made.workshop)
    about = {store.LABS: "canary", store.BEGAN: model.now(), store.ENDS: "2099-01-01T00:00:00Z"}
    labels = {WORKSHOP: made.workshop}
    _namespace(made, home, {**labels, PLACE: TEACHER}, {})
    metadata = {"name": "workshop", "namespace": home}
    cluster.create(made.context, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": about})
    for who, nick in PEOPLE.items():
        notes = {NICKNAME: nick, FULL_NAME: f"{who.title()} <b>Full</b>"}
        _namespace(made, made.space(who), {**labels, PLACE: DESK, PARTICIPANT: who}, notes)
        cluster.create(made.context, model.new_desk(made.space(who), "canary"))


def _namespace(made: Place, name: str, labels: dict[str, str], notes: dict[str, str]) -> None:
    metadata = {"name": name, "labels": labels, "annotations": notes}
    cluster.create(made.context, {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})


def judged(verdict: str) -> dict[str, Any]:
    objectives = (Objective("fast", "Fast", verdict), Objective("right", "Right", "pass"))
    times = {"started": model.now(), "finished": model.now()}
    return {"state": State.DONE, "verdict": verdict, "objectives": objectives, "position": 0, "tries": 1, **times}


def test_a_snapshot_leaves_the_archives_where_they_are(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = cluster.call

    def counted(context: str, method: str, path: str, *others: Any, **more: Any) -> dict[str, Any]:
        asked.append(path)
        return real(context, method, path, *others, **more)

    monkeypatch.setattr(sources.cluster, "call", counted)
    source = ClusterSource(place.context, place.workshop)
    one = store.submit(place.context, place.space("bo"), "canary", ARCHIVE)
    settle(place.context, one, position=4)
    asked.clear()

    waiting = source.read()
    assert [(s.name, s.state, s.position, s.archive) for s in waiting.submissions] == [(one.name, State.QUEUED, 4, "")]
    assert waiting.submissions[0].created == one.created
    assert not any(one.name in path for path in asked)

    settle(place.context, one, **judged("fail"))
    asked.clear()
    first, asked_once = source.read(), [path for path in asked if path.endswith(one.name)]
    again = source.read()
    assert len(asked_once) == 1, asked
    assert [path for path in asked if path.endswith(one.name)] == asked_once
    assert first.submissions == again.submissions
    assert (first.submissions[0].verdict, len(first.submissions[0].objectives)) == ("fail", 2)

    whole = store.snapshot(place.context, place.workshop)
    assert replace(whole, submissions=tuple(replace(s, archive="") for s in whole.submissions)) == again


def test_what_happens_in_the_cluster_is_on_the_board(place: Place, tmp_path: Path) -> None:
    source = ClusterSource(place.context, place.workshop)
    with board(source, tmp_path, every_s=0.2) as links:
        url, headers = f"http://127.0.0.1:{links.port}/events", {"Authorization": f"Bearer {links.teacher}"}
        with httpx.stream("GET", url, headers=headers, timeout=60) as answer:
            told = (json.loads(line[6:]) for line in answer.iter_lines() if line.startswith("data: "))
            first = next(message for message in told if "person/ada" in message.get("parts", ()))
            assert first["parts"]["person/ada"]["name"] == "Ada <b>Full</b>"
            assert {f"person/{who}" for who in PEOPLE} <= set(first["parts"])

            now = model.now()
            desk = {"started": now, "saved": now, "seen": now, "saves": 2, "changed": ["controller/main.py"]}
            store.tell(place.context, place.space("ada"), "canary", desk)
            assert until(told, lambda lab: lab["where"] == "working" and lab["saves"] == 2)
            one = store.submit(place.context, place.space("ada"), "canary", ARCHIVE)
            settle(place.context, one, position=1)
            assert until(told, lambda lab: lab["where"] == "queued" and lab["position"] == 1)
            settle(place.context, one, state=State.RUNNING, started=model.now())
            assert until(told, lambda lab: lab["where"] == "exam")
            settle(place.context, one, **judged("pass"))
            assert until(told, lambda lab: lab["where"] == "passed" and (lab["met"], lab["of"]) == (2, 2))


def until(told: Iterator[dict[str, Any]], holds: Any) -> bool:
    """Whether Ada's part comes to that within a hundred messages."""
    for message, _ in zip(told, range(100), strict=False):
        part = message.get("parts", {}).get("person/ada")
        if part and holds(part["labs"]["canary"]):
            return True
    return False


def test_a_workshop_that_has_gone_is_trouble(place: Place) -> None:
    with pytest.raises(PlatformBroken, match="reading the workshop b-none: the cluster refused"):
        ClusterSource(place.context, "b-none").read()
    assert issubclass(PlatformBroken, InfraError)


def test_the_command(place: Place, tmp_path: Path) -> None:
    (tmp_path / "labs").mkdir()
    environment = {**os.environ, "BROWNOUT_COURSE": str(tmp_path)}
    command = [sys.executable, "-m", "grader.cli", "workshop", "board"]
    running = subprocess.Popen(
        [*command, place.workshop, "--print"], cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE
    )
    try:
        assert running.stdout
        found = [re.match(r"http://127\.0\.0\.1:\d+/(projection)?#[\w-]{32}$", line) for line in
                 (running.stdout.readline() for _ in range(4))]  # fmt: skip
        assert [bool(match) for match in found] == [False, True, False, True]
        links = [match[0] for match in found if match]
        assert httpx.get(links[0].partition("#")[0]).status_code == 200
    finally:
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 130
    assert (tmp_path / "workshops" / place.workshop / "board.sqlite").exists()

    done = subprocess.run([*command, "b-none"], cwd=ROOT, env=environment, text=True, capture_output=True)
    assert done.returncode == 2
    assert re.match(r"lab: there is no workshop 'b-none' in the cluster; there are: .*" + place.workshop, done.stderr)
