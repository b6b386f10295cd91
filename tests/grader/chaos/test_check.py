"""What is refused before anything runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from grader.chaos.check import check_experiment, waits_for_the_end
from grader.errors import BadInput
from tests.grader.chaos.chaos_helpers import scenario, step

KILL = step("action", "kill it", "kill_service", service="model")
SEEN = step("probe", "it is gone", "answers", url="http://model:9000/", tolerance=False)


def test_a_sound_experiment_passes(tmp_path: Path) -> None:
    own = step("probe", "own", "always", module="exam", value="${share}", tolerance=[0.4, 0.6])

    check_experiment(scenario(tmp_path, [KILL, SEEN, own]), {"share": 0.5})


def test_two_scenarios_have_an_exam_each(tmp_path: Path) -> None:
    paths = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        paths.append(scenario(folder, [step("action", "own", f"only_{name}", module="exam")]))
        (folder / "exam.py").write_text(f"def only_{name}(): pass\n")

    for path in paths:
        check_experiment(path, {})

    assert "exam" not in sys.modules


@pytest.mark.parametrize(
    ("method", "sentence"),
    [
        ([KILL], "'kill it' does harm, but no later probe"),
        ([SEEN, KILL], "'kill it' does harm, but no later probe"),
        ([KILL, {k: v for k, v in SEEN.items() if k != "tolerance"}], "'kill it' does harm"),
        ([step("action", "a", "kill_servce", service="x")], "does not expose a function called 'kill_servce'"),
        ([step("action", "a", "kill_service", servcie="x")], "required argument 'service' is missing"),
        ([step("action", "a", "start_service", service="x", replica=1)], "'replica' is not part of"),
        ([step("action", "a", "at", module="exma", seconds=1)], "could not find Python module 'exma'"),
        ([step("action", "a", "at", seconds="${sceonds}")], "${sceonds} is neither a parameter"),
        ([KILL, {**SEEN, "tolerance": {"type": "regexp"}}], "'regexp' is unsupported"),
        ([{"type": "deed", "name": "x"}], "'deed' is not a supported activity type"),
        ("kill it", "is not shaped like an experiment"),
    ],
)
def test_refused(tmp_path: Path, method: Any, sentence: str) -> None:
    path = scenario(tmp_path, method)

    with pytest.raises(BadInput) as caught:
        check_experiment(path, {})

    assert sentence in str(caught.value)
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize("missing", ["title", "description", "method"])
def test_a_part_is_missing(tmp_path: Path, missing: str) -> None:
    path = scenario(tmp_path, [])
    path.write_text(yaml.safe_dump({k: v for k, v in yaml.safe_load(path.read_text()).items() if k != missing}))

    with pytest.raises(BadInput, match=missing):
        check_experiment(path, {})


LIFT = step("action", "lift it", "control", service="model", port=1, path="/")
END, EARLY = (step("action", "wait", "at", seconds=seconds) for seconds in (60, 5))


@pytest.mark.parametrize(
    ("method", "rollbacks", "waits"),
    [
        ([LIFT, SEEN, END, SEEN], [], True),
        ([LIFT, END, SEEN], [LIFT], False),
        ([EARLY, LIFT, END], [], False),
        ([END, LIFT, SEEN], [], False),
        ([{**LIFT, "background": True}, END], [], False),
        ([{**SEEN, "pauses": {"before": 3}}, END], [], False),
        ([LIFT, SEEN], [], False),
        ([], [], True),
        ([], [LIFT], False),
    ],
)
def test_whether_an_experiment_only_waits_for_the_end(
    tmp_path: Path, method: list[Any], rollbacks: list[Any], waits: bool
) -> None:
    assert waits_for_the_end(scenario(tmp_path, method, rollbacks=rollbacks)) is waits


def test_not_a_mapping_and_not_there(tmp_path: Path) -> None:
    (tmp_path / "list.yaml").write_text("- a\n")

    with pytest.raises(BadInput, match="must be a mapping"):
        check_experiment(tmp_path / "list.yaml", {})
    with pytest.raises(BadInput, match="does not exist"):
        check_experiment(tmp_path / "nothing.yaml", {})


def test_faults_do_not_import_chaoslib() -> None:
    code = "import sys, grader.faults; print([m for m in ('chaoslib', 'docker', 'locust') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
