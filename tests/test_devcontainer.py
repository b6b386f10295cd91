"""The container in which labs run in a browser: what it is told to run exists here."""

from __future__ import annotations

import json
import re
import tomllib

from tests.grader.course import REPOSITORY

SAID = json.loads((REPOSITORY / ".devcontainer" / "devcontainer.json").read_text())


def test_its_python_is_one_that_brownout_runs_on() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    minor = int(re.match(r"python:3\.(\d+)-", SAID["image"])[1])  # type: ignore[index]

    assert minor >= int(project["requires-python"].removeprefix(">=3."))
    assert f"Programming Language :: Python :: 3.{minor}" in project["classifiers"]


def test_what_it_runs_exists() -> None:
    target = SAID["updateContentCommand"].removeprefix("make ")
    script, command = SAID["postAttachCommand"].split()

    assert re.search(rf"^{target}:", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    assert (REPOSITORY / script).stat().st_mode & 0o100
    assert command == "list"
    assert SAID["remoteEnv"]["PATH"].startswith("${containerWorkspaceFolder}:")  # `lab` is the script there
    assert [
        name for name in SAID["customizations"]["codespaces"]["openFiles"] if not (REPOSITORY / name).exists()
    ] == []
