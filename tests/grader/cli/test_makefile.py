"""The Makefile works by pattern, and its set-up says what is missing in one sentence."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.grader.course import REPOSITORY

OPTIONS = {"ARGS", "RUNTIME", "PYTHON", "MFLAGS", "UPGRADE"}


def make(*arguments: str) -> str:
    # Under `make test` our own make would hand its flags and ARGS down.
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name not in OPTIONS}
    done = subprocess.run(["make", *arguments], cwd=REPOSITORY, capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("target", "command"),
    [
        ("lab-foo", "start foo"),
        ("lab-foo-bar", "start foo-bar"),
        ("check-foo", "check foo"),
        ("grade-foo", "grade foo"),
        ("stop-foo", "stop foo"),
        ("reset-foo", "reset foo"),
        ("hint-foo", "hint foo"),
        ("verify-foo", "verify foo"),
        ("verify", "verify --all"),
        ("list", "list"),
        ("doctor", "doctor"),
    ],
)
def test_targets_by_pattern(target: str, command: str) -> None:
    last = make("-n", target).strip().splitlines()[-1]

    assert last.strip() == f".venv/bin/python -P -m grader.cli {command}"


def test_the_runtime_is_passed_on() -> None:
    for target, command in (("lab-foo", "start foo"), ("grade-foo", "grade foo"), ("verify", "verify --all")):
        assert f"{command} --runtime compose" in make("-n", target, "RUNTIME=compose")


def test_help_is_the_default_and_lists_every_target() -> None:
    text = make()

    for target in ("setup", "lab-ID", "grade-ID", "verify", "test", "lint", "images", "clean"):
        assert f"\n  {target} " in text
    assert all(len(line) <= 80 for line in text.splitlines())


def fake_python(folder: Path, *, version: str, venv: bool) -> Path:
    """A `python3` that says it has that version, with or without venv."""
    folder.mkdir()
    path = folder / "python3"
    path.write_text(
        "#!/bin/sh\n"
        f'[ "$1" = --version ] && echo "Python {version}" && exit 0\n'
        f'case "$2" in *version_info*) exit {int(version < "3.11")};; *ensurepip*) exit {int(not venv)};; esac\n'
    )
    path.chmod(0o755)
    return folder


@pytest.mark.parametrize(
    ("version", "venv", "message"),
    [
        ("3.10.4", True, "Python 3.11 or newer is needed, and there is Python 3.10.4"),
        ("3.12.1", False, "install python3-venv"),
    ],
)
def test_setup_says_what_is_missing(tmp_path: Path, version: str, venv: bool, message: str) -> None:
    folder = fake_python(tmp_path / "bin", version=version, venv=venv)
    for tool in ("sh", "cat", "grep", "tail", "touch"):
        os.symlink(f"/bin/{tool}", folder / tool)

    done = subprocess.run(
        ["/bin/sh", str(REPOSITORY / "infra/setup.sh"), "venv"],
        cwd=tmp_path,
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "venv").exists()
