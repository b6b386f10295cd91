"""What CI leaves out: only what nothing changed of."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from infra import own


def _imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def green(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """.ci/green.py with a record of its own."""
    module = _imported(own.ROOT / ".ci" / "green.py")
    monkeypatch.setattr(module, "RECORD", tmp_path / "green.json")
    return module


def test_a_part_is_due_until_it_passed_and_when_it_is_drawn(green: ModuleType) -> None:
    assert "changed" in green.why("workshop", "00000001")
    green.main("passed", "workshop")

    assert green.why("workshop", "00000001") == ""
    assert "one commit in 4" in green.why("workshop", "00000004")
    green.RECORD.write_text('{"workshop": "of another state"}')
    assert "changed" in green.why("workshop", "00000001")


def test_a_part_depends_on_what_it_imports_and_on_its_tests(green: ModuleType) -> None:
    names = {str(path.relative_to(own.ROOT)) for path in green.files("workshop")}

    assert {"grader/classroom/examiner/loop.py", "grader/exam/run.py"} <= names
    assert {"infra/k8s/render.py", "infra/system.py"} <= names
    assert "tests/proof/test_workshop.py" in names
    assert not names & {"grader/cli/app.py", "infra/compose/render.py", "grader/proof/ledger.py"}


def test_each_tenth_commit_leaves_nothing_out(green: ModuleType, tmp_path: Path) -> None:
    assert green.all_due(tmp_path), "no branch whose length is known"
    who = ["-c", "user.name=a", "-c", "user.email=a@localhost", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)

    due = []
    for _ in range(10):
        subprocess.run(["git", "-C", str(tmp_path), *who, "commit", "-q", "--allow-empty", "-m", "More"], check=True)
        due.append(green.all_due(tmp_path))

    assert due == [False] * 9 + [True]


def test_a_held_labs_slow_test_does_not_begin_after_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    labs = _imported(own.ROOT / "tests" / "labs" / "conftest.py")
    held = SimpleNamespace(get_closest_marker=lambda name: labs.IN_TIME.mark if name == "in_time" else None)
    other = SimpleNamespace(get_closest_marker=lambda name: None)

    monkeypatch.setenv(labs.UNTIL, "inf")
    labs.pytest_runtest_setup(held)
    monkeypatch.setenv(labs.UNTIL, "0")
    labs.pytest_runtest_setup(other)
    with pytest.raises(pytest.skip.Exception, match="left out"):
        labs.pytest_runtest_setup(held)


def test_no_file_holds_both_sides_of_a_merge() -> None:
    """A conflict in a page breaks nothing else, and landed once."""
    listed = subprocess.run(["git", "grep", "-lE", "^(<{7}|>{7}) "], cwd=own.ROOT, capture_output=True, text=True)

    assert listed.stdout == ""
