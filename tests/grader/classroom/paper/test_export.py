"""What a workshop leaves in a folder; the cluster's answers are given."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import re
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.classroom.cluster import objects, store
from grader.classroom.cluster.model import Desk, Objective, Participant, Snapshot, State, Submission
from grader.classroom.paper import export, tables
from grader.classroom.teacher import removing
from grader.cli import workshop as commands
from grader.errors import BadInput
from infra.errors import PlatformBroken
from infra.k8s import cluster
from tests.grader.course import Course

ADA, BOB = Participant("ada", "ws-w--ada", "=Ada & <Co>", "bold-fox"), Participant("bob", "ws-w--bob", "Bob", "wry-owl")


def packed(files: dict[str, bytes], kind: bytes = tarfile.REGTYPE) -> str:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as tar:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.type = len(data), kind
            tar.addfile(entry, io.BytesIO(data))
    return base64.b64encode(raw.getvalue()).decode()


def submission(name: str, space: str = ADA.namespace, **more: Any) -> Submission:
    one = Submission(
        space, name, f"u-{name}", "desk", "2026-01-31T09:50:00Z", packed({"desk/main.py": b"print()\n"}), State.DONE
    )
    return replace(one, **more)


GOOD = submission(
    "desk-b",
    verdict="pass",
    objectives=(Objective("right", "Right <answers>", "pass"), Objective("fast", "Fast", "fail")),
    started="2026-01-31T09:51:00Z",
    finished="2026-01-31T09:52:00Z",
    duration_s=58.5,
    tries=1,
)
SEEN = Snapshot(
    "w",
    ("desk",),
    "2026-01-31T09:00:00Z",
    "2026-01-31T13:00:00Z",
    (ADA, BOB),
    (Desk(ADA.namespace, "desk", started="2026-01-31T09:01:00Z", saves=4, hints=("one",)), Desk(BOB.namespace, "desk")),
    (submission("desk-a", verdict="fail"), GOOD, submission("desk-c", BOB.namespace, state=State.QUEUED)),
)
RESULT = {
    "data": {"result.json": "{}"},
    "binaryData": {
        "report.html.gz": base64.b64encode(gzip.compress(b"<p>well")).decode(),
        "logs.tar.gz": base64.b64encode(b"tar").decode(),
    },
}


@pytest.fixture
def seen(desk: Course, monkeypatch: pytest.MonkeyPatch) -> list[Snapshot]:
    """What the cluster holds; the last one is told."""
    held = [SEEN]
    monkeypatch.setattr(store, "snapshot", lambda context, workshop: held[-1])
    monkeypatch.setattr(objects, "find", lambda context, path: RESULT if path.endswith("result-desk-b") else None)
    return held


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def test_everything_is_there(seen: list[Snapshot], tmp_path: Path) -> None:
    into = tmp_path / "kept"
    export.export("here", "w", into, print)
    one = into / "ada" / "desk-b"
    assert (one / "files" / "desk" / "main.py").read_bytes() == b"print()\n"
    assert (one / "report.html").read_bytes() == b"<p>well" and (one / "logs.tar.gz").read_bytes() == b"tar"
    assert (one / "result.json").read_text("utf-8") == "{}"
    assert sorted(path.name for path in (into / "bob").iterdir()) == ["desk-c"]
    whole = json.loads((into / "workshop.json").read_text("utf-8"))
    assert [one["name"] for one in whole["submissions"]] == ["desk-a", "desk-b", "desk-c"]
    assert "archive" not in whole["submissions"][0]
    assert [path.name for path in tmp_path.glob(".kept*")] == []


def test_tables_tell_who_did_what_and_how_long_it_took(seen: list[Snapshot], tmp_path: Path) -> None:
    export.export("here", "w", tmp_path / "kept", print)
    ada, bob = rows(tmp_path / "kept" / "participants.csv")
    assert (ada["name"], ada["submissions"], ada["last_verdict"], ada["hints"]) == ("'=Ada & <Co>", "2", "pass", "1")
    assert (ada["passed"], bob["passed"], bob["last_verdict"]) == ("2026-01-31T09:52:00Z", "", "")
    timed = {row["submission"]: row for row in rows(tmp_path / "kept" / "submissions.csv")}
    assert (timed["desk-b"]["waited_s"], timed["desk-b"]["exam_s"], timed["desk-a"]["waited_s"]) == ("60.0", "58.5", "")


def test_who_passed_gets_a_certificate(seen: list[Snapshot], tmp_path: Path) -> None:
    export.export("here", "w", tmp_path / "kept", print)
    page = (tmp_path / "kept" / "ada" / "certificate-desk.html").read_text("utf-8")
    text = (tmp_path / "kept" / "ada" / "certificate-desk.md").read_text("utf-8")
    assert "=Ada &amp; &lt;Co&gt;" in page and "Right &lt;answers&gt;" in page and "Fast" not in page + text
    assert "2 submissions" in page and "1 hint." in page and "It took 2 submissions and 1 hint." in text
    assert not re.search(r"""(src|href)\s*=|url\(|<script""", page)


@pytest.mark.parametrize(
    "archive",
    ["!", packed({"../out": b"x"}), packed({"desk/link": b""}, tarfile.SYMTYPE), packed({"lab.yaml": b"x"})],
)
def test_what_is_no_sound_submission_is_kept_as_it_came(seen: list[Snapshot], tmp_path: Path, archive: str) -> None:
    said: list[str] = []
    seen.append(replace(SEEN, submissions=(submission("desk-a", archive=archive),)))
    export.export("here", "w", tmp_path / "kept", said.append)
    assert (tmp_path / "kept" / "ada" / "desk-a" / "archive.txt").read_text("utf-8") == archive
    assert said and "desk-a" in said[0] and not (tmp_path / "kept" / "ada" / "out").exists()


def test_a_folder_with_something_in_it_is_refused(seen: list[Snapshot], tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", "utf-8")
    with pytest.raises(BadInput, match="is there already"):
        export.export("here", "w", tmp_path, print)
    with pytest.raises(BadInput, match="cannot be written"):
        export.export("here", "w", tmp_path / "mine.txt" / "below", print)


def test_an_export_that_breaks_off_leaves_no_half(
    seen: list[Snapshot], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(context: str, path: str) -> None:
        raise PlatformBroken("away")

    monkeypatch.setattr(objects, "find", broken)
    with pytest.raises(PlatformBroken):
        export.export("here", "w", tmp_path / "kept", print)
    assert list(tmp_path.glob("*kept*")) == []


class Removed(Exception):
    """Raised in place of removing."""


@pytest.fixture
def stopping(seen: list[Snapshot], monkeypatch: pytest.MonkeyPatch) -> None:
    def removed(*_: Any, **__: Any) -> None:
        raise Removed

    monkeypatch.setattr(cluster, "context", lambda: "here")
    monkeypatch.setattr(removing, "parts", lambda context, workshop: ["ws-w"])
    monkeypatch.setattr(removing, "remove", removed)


def test_stop_removes_what_was_exported(stopping: None, tmp_path: Path) -> None:
    with pytest.raises(Removed):
        commands.stop("w", tmp_path / "kept", no_export=False, keep_kinds=False, yes=True)
    assert (tmp_path / "kept" / "workshop.json").is_file()


def test_stop_removes_nothing_that_could_not_be_exported(stopping: None, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", "utf-8")
    with pytest.raises(BadInput, match="is there already"):
        commands.stop("w", tmp_path, no_export=False, keep_kinds=False, yes=True)
    with pytest.raises(Removed):
        commands.stop("w", tmp_path, no_export=True, keep_kinds=False, yes=True)


def test_stop_never_exports_into_what_it_removes(stopping: None, desk: Course) -> None:
    with pytest.raises(BadInput, match="export to another folder"):
        commands.stop("w", desk.root / "workshops" / "w" / "x", no_export=False, keep_kinds=False, yes=True)


def test_stop_asks_first(stopping: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match="say --yes"):
        commands.stop("w", tmp_path / "kept", no_export=False, keep_kinds=False, yes=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "n")
    with pytest.raises(SystemExit) as ended:
        commands.stop("w", tmp_path / "kept", no_export=False, keep_kinds=False, yes=False)
    assert ended.value.code == 0 and not (tmp_path / "kept").exists()


def test_a_time_that_a_participant_made_up_is_no_time() -> None:
    assert tables.seconds("yesterday", "2026-01-31T09:52:00Z") == ""
