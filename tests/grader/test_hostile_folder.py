"""A current folder with modules that bear our names: none of our processes may import them."""

from __future__ import annotations

import os
import py_compile
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.course import catalog
from grader.errors import BadInput
from grader.intake.submission import COMPILED, stage
from infra import own
from tests.grader.course import REPOSITORY, Course

NAMES = ("grader", "infra", "locust", "chaoslib", "psutil", "httpx", "json")
MODULES = (
    "grader.cli",
    "grader.load",
    "grader.chaos",
    "grader.metronome",
    "infra.process.supervisor",
    "infra.compose.reaper",
    "infra.k8s.carry",
    "infra.images.build",
)
COMMANDS = (
    ("list",),
    ("doctor",),
    ("verify", "desk", "--control", "reference"),
    ("check", "desk"),
    ("start", "desk"),
    ("restart", "desk"),
    ("stop", "desk"),
)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder in which every import of `NAMES` leaves a file `witness`."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    for name in NAMES:
        source = tmp_path / f"{name}.py"
        source.write_text(f"open({str(folder / 'witness')!r}, 'a').write({name!r} + '\\n')\n")
        py_compile.compile(str(source), str(folder / f"{name}.pyc"), doraise=True)
    (folder / ".env").write_text("COMPOSE_FILE=/nowhere\n")
    return folder


def run(
    command: list[str], folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={**own.environment(), **(environment or {}), "PYTHONPATH": str(REPOSITORY)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=90,
    )


def first_words(command: list[str], folder: Path) -> None:
    """Run until a line is said, which is after all imports, or to the end."""
    environment = {**own.environment(), "PYTHONPATH": str(REPOSITORY)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=folder, env=environment, **pipes) as process:  # type: ignore[call-overload]
        process.stdout.readline()
        process.kill()


def witness(folder: Path) -> str:
    path = folder / "witness"
    return path.read_text() if path.exists() else ""


@pytest.mark.parametrize("module", MODULES)
def test_a_child_imports_nothing_from_where_it_is_started(hostile: Path, module: str) -> None:
    run([sys.executable, "-m", module, "--help"], hostile)
    assert witness(hostile), "the folder is as hostile as it should be"
    (hostile / "witness").unlink()

    first_words([*own.command(module), "nothing"], hostile)

    assert not witness(hostile)


@pytest.mark.slow
def test_no_command_imports_anything_from_where_it_is_said(hostile: Path, desk: Course) -> None:
    for command in COMMANDS:
        done = run([*own.command("grader.cli"), *command], hostile, desk.environment)
        assert done.returncode == 0 or command[0] in ("doctor", "check"), (command, done.stderr)
        assert not witness(hostile), command


def test_grading_the_folder_itself_refuses_what_is_compiled(hostile: Path, desk: Course) -> None:
    done = run([*own.command("grader.cli"), "grade", "desk", "--submission", "."], hostile, desk.environment)

    assert done.returncode == 2 and "compiled" in done.stderr, done.stderr
    assert not witness(hostile)


@pytest.mark.parametrize("suffix", COMPILED)
def test_compiled_code_is_refused_among_open_files(desk: Course, tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "mine" / "desk"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "__pycache__" / "main.cpython-311.pyc").write_bytes(b"what Python leaves is left aside")
    stage(catalog.find_lab("desk"), folder.parent, tmp_path / "stage")
    (folder / f"main{suffix}").write_bytes(b"\0")

    with pytest.raises(BadInput, match=f"main{suffix} is compiled code"):
        stage(catalog.find_lab("desk"), folder.parent, tmp_path / "again")


def test_our_processes_are_started_in_one_way() -> None:
    """`infra.own` is the only place that makes a command line of this interpreter, but for what pip and uv are told."""
    pattern = re.compile(r"sys\.executable\b")
    found = {
        str(path.relative_to(REPOSITORY))
        for top in ("grader", "infra")
        for path in (REPOSITORY / top).rglob("*.py")
        if pattern.search(path.read_text("utf-8")) and "inside" not in path.parts
    }
    assert found == {"infra/own.py", "infra/images/venvs.py"}


def test_relative_entries_of_the_path_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", ".", "mine", "/absolute"]))

    assert own.environment()["PYTHONPATH"] == os.pathsep.join([str(own.ROOT), "/absolute"])
