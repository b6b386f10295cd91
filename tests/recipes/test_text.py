"""The recipes as text: what they may do in a job, and what they may not."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.recipes.steps import ACTION, RECIPES, WORKFLOW, load

FILES = sorted(RECIPES.rglob("*.yml"))


def every(key: str, value: Any) -> Iterator[Any]:
    """All values of a key, at any depth."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        if name == key:
            yield part
        yield from every(key, part)


def test_the_recipes_are_there() -> None:
    assert {path.name for path in FILES} == {"action.yml", "workflow.yml", "gitlab.yml"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_used_is_pinned(path: Path) -> None:
    """To a commit, or it lies in the checkout of one."""
    for used in every("uses", load(path)):
        assert re.fullmatch(r"[\w-]+/[\w./-]+@[0-9a-f]{40}", used) or used == "./brownout/recipes/github", used


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_event_of_the_candidates_repository_starts_it(path: Path) -> None:
    assert not re.findall("pull_request|workflow_run|issue_comment", path.read_text())


def test_the_workflow_is_called_and_may_only_read() -> None:
    workflow = load(WORKFLOW)

    assert list(workflow["on"]) == ["workflow_call"]
    assert list(every("permissions", workflow)) == [{"contents": "read"}]
    checkouts = [step for step in workflow["jobs"]["grade"]["steps"] if "checkout" in step.get("uses", "")]
    assert [step["with"]["persist-credentials"] for step in checkouts] == [False, False]
    assert list(workflow["on"]["workflow_call"]["inputs"]) and "brownout-commit" in str(checkouts[0]["with"]["ref"])


@pytest.mark.parametrize("path", [ACTION, WORKFLOW], ids=lambda path: path.name)
def test_no_input_is_text_of_a_script(path: Path) -> None:
    scripts = list(every("run", load(path)))

    assert scripts and not [script for script in scripts if "${{" in script]


def test_nothing_of_the_run_folder_is_published() -> None:
    published = [*load(WORKFLOW)["jobs"]["grade"]["steps"][-1]["with"]["path"].split()]
    published += load(RECIPES / "gitlab.yml")[".brownout"]["artifacts"]["paths"]

    assert sorted(set(published)) == ["out/ctrf.json", "out/junit.xml", "out/summary.md"]


@pytest.mark.parametrize("value", ["a" * 40 + " " + "b" * 40, "main " + "b" * 40, "x\n" + "a" * 40 + " " + "b" * 40])
def test_a_branch_is_refused_where_a_commit_is_due(value: str) -> None:
    step = load(WORKFLOW)["jobs"]["grade"]["steps"][0]

    done = subprocess.run(["bash", "-e", "-c", step["run"]], env={"COMMITS": value})

    assert (done.returncode == 0) is value.startswith("aaaa")


@pytest.mark.parametrize("name", ["plain.sh", "gradescope/setup.sh", "gradescope/run_autograder"])
def test_scripts_are_shell(name: str) -> None:
    assert (RECIPES / name).stat().st_mode & 0o100
    assert subprocess.run(["sh", "-n", RECIPES / name]).returncode == 0


@pytest.mark.parametrize(("more", "close"), [([], "decide"), (["invalid"], "invalid")])
def test_a_team_can_ask_that_a_close_call_is_invalid(tmp_path: Path, more: list[str], close: str) -> None:
    (tmp_path / "lab").write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/told\nexit 2\n')
    (tmp_path / "lab").chmod(0o755)
    paths = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"

    subprocess.run(
        ["sh", RECIPES / "plain.sh", "canary", "answer", "out", "compose", *more], cwd=tmp_path, env={"PATH": paths}
    )

    assert f"--close {close} " in (tmp_path / "told").read_text()
    assert load(ACTION)["inputs"]["close"]["default"] == "decide"
    assert load(WORKFLOW)["jobs"]["grade"]["steps"][3]["with"]["close"] == "${{ inputs.close }}"
    assert load(RECIPES / "gitlab.yml")[".brownout"]["variables"]["CLOSE"] == "decide"


def test_gitlab_runs_again_what_is_invalid_and_only_that() -> None:
    assert load(RECIPES / "gitlab.yml")[".brownout"]["retry"] == {"max": 2, "exit_codes": [3]}


@pytest.fixture
def gradescope(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a script of Gradescope's recipe in a made /autograder; all programs that it calls are stand-ins."""
    there = tmp_path / "autograder"
    source = there / "source"
    (source / "brownout/.venv/bin").mkdir(parents=True)
    (there / "submission").mkdir()
    (there / "results").mkdir()
    shutil.copy(RECIPES / "gradescope" / "run_autograder", source)
    said = 'case $1 in grade) echo "lab: essay.txt is not \\"open\\"" >&2; exit "$CODE" ;; esac\n'
    for name, script in {"lab": said + 'echo \'{"verdict": 1}\' >"$6"\n', "make": "", "apt-get": ""}.items():
        (source / "brownout/.venv/bin" / name).write_text(f"#!/bin/sh\n{script}")
        (source / "brownout/.venv/bin" / name).chmod(0o755)

    def call(script: str, code: int) -> subprocess.CompletedProcess[str]:
        paths = f"{source / 'brownout/.venv/bin'}{os.pathsep}{os.environ['PATH']}"
        environment = {"PATH": paths, "AUTOGRADER": str(there), "CODE": str(code), "TMPDIR": str(tmp_path)}
        words = ["sh", RECIPES / "gradescope" / script]
        return subprocess.run(words, cwd=there, env=environment, capture_output=True, text=True)

    return call


def test_who_is_refused_by_gradescope_reads_why(gradescope: Callable[..., Any], tmp_path: Path) -> None:
    done = gradescope("run_autograder", 2)

    assert done.returncode == 0 and "lab: essay.txt" in done.stderr
    told = json.loads((tmp_path / "autograder/results/results.json").read_text())
    schema = Path(__file__).parents[1] / "grader/formats/schemas/gradescope.schema.json"
    jsonschema.validate(told, json.loads(schema.read_text()))
    assert told["score"] == 0 and told["output"] == 'Not graded: essay.txt is not "open"\n'


@pytest.mark.parametrize(("code", "builds"), [(0, True), (1, True), (3, True), (2, False)])
def test_gradescopes_image_is_built_with_an_exam_in_it(
    gradescope: Callable[..., Any], tmp_path: Path, code: int, builds: bool
) -> None:
    done = gradescope("setup.sh", code)

    assert (done.returncode == 0) is builds, done.stderr
    assert 'not "open"' in done.stderr and not any((tmp_path / "autograder/results").iterdir())
    assert builds is not any(tmp_path.glob("tmp.*"))


@pytest.mark.parametrize("recipe", ["plain.sh", "classroom50/autograder.py"])
@pytest.mark.parametrize(("runtime", "strict"), [("compose", True), ("k8s", True), ("process", False)])
def test_strangers_code_is_graded_strictly(tmp_path: Path, recipe: str, runtime: str, strict: bool) -> None:
    """`lab` only writes down here what it is told."""
    (tmp_path / "lab").write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/told\nexit 2\n')
    (tmp_path / "lab").chmod(0o755)
    paths = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    words = ["sh", RECIPES / recipe, "canary", "answer", "out", runtime]
    if recipe.endswith(".py"):
        words = [sys.executable, RECIPES / recipe]

    subprocess.run(words, cwd=tmp_path, env={"PATH": paths, "ASSIGNMENT": "canary", "BROWNOUT_GRADE_ON": runtime})

    [told] = (tmp_path / "told").read_text().splitlines()
    assert told.startswith("grade canary") and f"--runtime {runtime}" in told
    assert ("--strict" in told.split()) is strict
