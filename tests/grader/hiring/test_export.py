"""A candidate's repository: it works by itself, and has nothing of the exam."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from grader.course import catalog
from grader.errors import BadInput
from grader.hiring.export import export, given
from tests.grader.course import Course

LABS = catalog.lab_ids()
TELLING = 30
"""A line of so many characters is no commonplace."""


def lines(data: bytes) -> set[str]:
    """The telling lines of a file."""
    return {line.strip() for line in data.decode("utf-8", "replace").splitlines() if len(line.strip()) >= TELLING}


def below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


@cache
def lines_of(path: Path) -> set[str]:
    return lines(path.read_bytes())


def lines_below(*tops: Path) -> set[str]:
    return {line for top in tops for path in below(top) for line in lines_of(path)}


@cache
def ours() -> set[str]:
    """The lines that everybody sees."""
    return lines_below(*(catalog.root() / name for name in ("labs", "grader", "infra")))


def secret(lab_id: str) -> set[str]:
    """The lines of an exam that stand nowhere else."""
    found = lines_below(catalog.root() / "scenarios" / lab_id) - ours()
    assert len(found) > 50
    return found


def packed(repository: Path) -> Iterator[bytes]:
    """All that is written there, history too."""
    for path in below(repository):
        data = path.read_bytes()
        yield zlib.decompress(data) if path.parts[-3] == "objects" and len(path.parts[-2]) == 2 else data


@pytest.mark.parametrize("lab_id", LABS)
def test_nothing_of_the_exam_is_given(lab_id: str) -> None:
    names = dict(given(catalog.find_lab(lab_id)))

    assert f"labs/{lab_id}/lab.yaml" in names and not [name for name in names if name.startswith("scenarios/")]
    assert secret(lab_id) & {line for path in names.values() for line in lines_of(path)} == set()


def test_nothing_of_the_exam_is_in_it(tmp_path: Path) -> None:
    written = export("canary", tmp_path / "task")

    assert secret("canary") & {line for data in packed(tmp_path / "task") for line in lines(data)} == set()
    assert not [name for name in written if name.startswith("scenarios/")]


def test_other_labs_and_what_only_they_need_are_left_out(tmp_path: Path) -> None:
    export("canary", tmp_path / "task")

    labs = tmp_path / "task" / "labs"
    assert sorted(path.name for path in labs.iterdir()) == ["canary", "cast"]
    assert sorted(path.name for path in (labs / "cast").iterdir()) == ["gateway", "lib", "model-server"]
    assert [path.name for path in (labs / "cast" / "lib").iterdir()] == ["common"]


def test_neither_labs_of_lab_new_nor_names_of_controls_are_in_it(tmp_path: Path) -> None:
    written = export("canary", tmp_path / "task")

    controls = {path.name for path in (catalog.root() / "scenarios").glob("*/controls/*-*")}
    text = b"\n".join(path.read_bytes() for path in below(tmp_path / "task") if path.suffix in (".toml", ".md"))
    assert len(controls) > 50 and [name for name in controls if name.encode() in text] == []
    assert not [name for name in written if "templates" in name and "labs" in name]


def test_only_what_git_tracks_is_given_away(desk: Course, tmp_path: Path) -> None:
    git = ["git", "-C", str(desk.root)]
    subprocess.run([*git, "init", "-q"], check=True)
    with pytest.raises(BadInput, match="git tracks nothing of .*desk"):
        export("desk", tmp_path / "task")
    subprocess.run([*git, "add", "."], check=True)
    for name in (".env", "desk/.env", "desk/notes.txt"):
        (desk.root / "labs" / "desk" / name).write_text("TOKEN=1\n")

    written = export("desk", tmp_path / "task")

    assert "labs/desk/desk/routing.py" in written and not [
        name for name in written if ".env" in name or "notes" in name
    ]


def test_the_letter_binds_lab_version_and_candidate_and_not_the_seed(tmp_path: Path) -> None:
    export("canary", tmp_path / "a", "Ada", bytes(32))
    export("canary", tmp_path / "b", "Bob", bytes(32))

    ada, bob = (json.loads((tmp_path / name / "takehome.json").read_text()) for name in "ab")
    assert ada["lab"] == "canary" and ada["candidate"] == "Ada" and ada["version"] == bob["version"]
    assert ada["commitment"] != bob["commitment"]
    assert "For Ada. " in (tmp_path / "a" / "README.md").read_text()
    assert "`make live`" in (tmp_path / "a" / "docs" / "candidate.md").read_text()
    assert "canary" in subprocess.run(["make", "-n", "live"], cwd=tmp_path / "a", capture_output=True, text=True).stdout


@pytest.mark.parametrize("there", ["a file", "a folder with work in it"])
def test_nothing_is_written_over(tmp_path: Path, there: str) -> None:
    target = tmp_path / "task"
    mine = target if there == "a file" else target / "thesis.txt"
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("years of work")

    with pytest.raises(BadInput, match="not empty"):
        export("canary", target)

    assert mine.read_text() == "years of work"
    assert [path.name for path in tmp_path.iterdir()] == ["task"]


def lab(repository: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`lab` as the repository has it."""
    command = [sys.executable, "-m", "grader.cli", *words]
    own = {name: value for name, value in os.environ.items() if name not in ("BROWNOUT_COURSE", "PYTHONPATH")}
    return subprocess.run(command, cwd=repository, env=own, capture_output=True, text=True, timeout=170)


@pytest.mark.slow
def test_a_candidate_gets_from_start_to_a_verdict(course: Course, tmp_path: Path) -> None:
    """With the toy of `lab new`: export, start, mend, rehearse, pack, and grade what was packed."""
    course.new()
    task = tmp_path / "task"
    exported = course.lab("export", "desk", "--to", str(task))
    assert exported.returncode == 0, exported.stderr
    assert "stop after 15 minutes at most" in " ".join(exported.stdout.split())
    try:
        started = lab(task, "start", "desk", "--runtime", "process")
        assert started.returncode == 0, started.stderr
        assert "`lab pack desk`" in started.stdout
        (task / "work/desk/desk/routing.py").write_text(course.routing("reference"))
        checked = lab(task, "check", "desk", "--runtime", "process", "--seed", "7")
        packed = lab(task, "pack", "desk")
    finally:
        lab(task, "stop", "desk")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert packed.returncode == 0, packed.stderr

    key, team = tmp_path / "draws.key", tmp_path / "team.pem"
    key.write_bytes(bytes(32))
    key.chmod(0o600)
    assert course.lab("receipt", "key", str(team)).returncode == 0
    whose = ["--for", "Ada", "--key", str(key), "--sign", str(team), "--runtime", "process"]
    receipts = []
    for number, handed_in in enumerate((task / "submission.zip", task)):
        out = tmp_path / f"run-{number}"
        graded = course.lab("grade", "desk", "--submission", str(handed_in), "--out", str(out), *whose)
        assert graded.returncode == 0, graded.stderr
        verify = [
            "receipt",
            "verify",
            str(out),
            "--public",
            f"{team}.pub",
            "--submission",
            str(task / "submission.zip"),
        ]
        assert course.lab(*verify).returncode == 0
        receipts.append(json.loads(base64.b64decode(json.loads((out / "receipt.json").read_text())["payload"])))
    first, again = receipts
    assert all(first[word] == again[word] for word in ("verdict", "submission", "version", "commitment"))
    (out / "result.json").write_text("{}")
    assert course.lab(*verify).returncode == 1
