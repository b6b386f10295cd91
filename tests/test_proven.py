"""The tests of every day leave out what nothing changed of, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from infra import own
from tests import proven

JUDGED = "tests/grader/judge/test_stats.py"
PLAYED = "tests/grader/authoring/play/test_play.py"
EXAM = "tests/grader/exam/test_meanwhile.py"


def hangs_on(name: str) -> set[str]:
    return {str(path.relative_to(own.ROOT)) for path in proven.Tree().files(name)}


def test_a_test_hangs_on_what_it_imports_and_on_its_helpers() -> None:
    judged, exam = hangs_on(JUDGED), hangs_on(EXAM)

    assert {JUDGED, "grader/judge/stats.py", "pyproject.toml"} <= judged
    assert not {"grader/exam/run.py", "infra/k8s/render.py"} & judged
    assert {"grader/exam/run.py", "infra/process/runtime.py", "tests/grader/exam/toy.py", "grader/cli/app.py"} <= exam
    assert any(name.startswith("grader/authoring/templates/") for name in exam)


def test_what_speaks_of_the_cast_hangs_on_it() -> None:
    cast = "labs/cast/lib/casebook/season.py"

    assert cast in hangs_on(PLAYED) and cast not in hangs_on(EXAM)


def test_what_reads_our_labs_is_never_left_out() -> None:
    tree = proven.Tree()

    assert tree.reads_more("tests/grader/hiring/test_export.py") and tree.reads_more("tests/test_proven.py")
    assert tree.reads_more("tests/grader/practice/live/test_browser.py"), "it imports from one that does"
    assert not tree.reads_more(EXAM) and not tree.reads_more(PLAYED)


def test_only_a_costly_file_that_passed_as_it_is_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = tmp_path / "proven.txt"
    began = max(map(lambda path: path.stat().st_mtime, proven.Tree().files(EXAM))) + 1
    cheap = "tests/grader/judge/test_exact.py"

    proven.write({EXAM: proven.COSTLY_S, cheap: 0.1, JUDGED: proven.COSTLY_S}, set(), began, record)
    assert proven.unchanged(record) == {EXAM, JUDGED}

    theirs = record.read_text() + f"0000 {EXAM}\nffff {JUDGED}\n"  # a merge keeps both sides' lines
    record.write_text(theirs)
    assert proven.unchanged(record) == {EXAM, JUDGED}

    record.write_text("".join(f"{'0' * 16} {line.split()[1]}\n" for line in theirs.splitlines()))
    assert proven.unchanged(record) == set(), "they changed since"

    proven.write({EXAM: 9.0, JUDGED: 9.0}, set(), began - 1e9, record)
    assert proven.unchanged(record) == set(), "they were edited while they ran"

    proven.write({EXAM: 9.0, JUDGED: 9.0}, set(), began, record)
    proven.write({}, {EXAM}, began, record)
    assert proven.unchanged(record) == {JUDGED}


def test_a_merge_keeps_what_passed_on_either_branch(tmp_path: Path) -> None:
    """As Git merges, by the rule in .gitattributes; both branches noted one file anew."""
    record = tmp_path / "tests" / "proven.txt"
    record.parent.mkdir()
    shutil.copy(own.ROOT / ".gitattributes", tmp_path)

    def git(*words: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True)

    def note(message: str, *lines: str) -> None:
        record.write_text("".join(f"{line}\n" for line in lines))
        git("add", ".")
        git("commit", "-m", message)

    git("init", "-b", "main")
    note("base", "0000 a", "0000 b", "0000 c")
    git("checkout", "-b", "theirs")
    note("theirs", "0000 a", "1111 b", "1111 c")
    git("checkout", "main")
    note("ours", "0000 a", "2222 b", "0000 c", "2222 d")
    git("merge", "theirs")

    assert proven.read(record) == {"a": {"0000"}, "b": {"1111", "2222"}, "c": {"0000", "1111"}, "d": {"2222"}}


PLUGIN = """
import os
import sys
from pathlib import Path
sys.path.insert(0, {repository!r})
from tests import proven
from tests.following import Following
proven.ROOT, proven.TESTS, proven.RECORD = Path({root!r}), Path({root!r}) / "tests", Path({root!r}) / "proven.txt"
def unchanged():
    assert "PYTEST_XDIST_WORKER" not in os.environ, "a worker is told"
    return frozenset({held!r})
proven.unchanged = unchanged
proven.write = lambda passed, failed, since: print("noted", sorted(passed), sorted(failed))
def pytest_configure(config):
    config.pluginmanager.register(Following(config), "following")
"""
TESTS = {
    "test_kept.py": "def test_it(): pass",
    "test_whole.py": "def test_it(): pass\ndef test_too(): pass",
    "test_fails.py": "def test_it(): assert False\ndef test_too(): pass",
    "test_skips.py": "import pytest\ndef test_it(): pytest.skip('no Docker')\ndef test_too(): pass",
}


def run(root: Path, *arguments: str, held: str = "tests/test_kept.py", ci: bool = False) -> str:
    """What pytest says with the plugin, in a checkout of four test files."""
    (root / "tests").mkdir(exist_ok=True)
    for name, code in TESTS.items():
        (root / "tests" / name).write_text(code)
    told = {"repository": str(own.ROOT), "root": str(root), "held": [held]}
    (root / "conftest.py").write_text(textwrap.dedent(PLUGIN.format(**told)))
    (root / "pytest.ini").write_text("[pytest]\ntestpaths = tests\nmarkers = slow:\n  proof:\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-m", "not proof and not slow", *arguments]
    environment = {"PATH": "/usr/bin:/bin", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} | ({"CI": "true"} if ci else {})
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True).stdout


@pytest.mark.parametrize("workers", [[], ["-p", "xdist", "-n", "1"]])
def test_a_run_leaves_out_what_is_held_says_so_and_notes_what_passed_whole(tmp_path: Path, workers: list[str]) -> None:
    (tmp_path / "proven.txt").write_text("")

    said = run(tmp_path, *workers)

    assert "1 failed, 4 passed, 1 skipped" in said
    assert "1 costly test files" in said and "make test-all" in said
    assert "noted ['tests/test_whole.py'] ['tests/test_fails.py']" in said


@pytest.mark.parametrize(
    ("arguments", "ci", "notes"),
    [(["tests/test_kept.py"], False, False), (["-k", "it"], False, False), ([], True, True)],
)
def test_what_is_named_or_runs_in_ci_is_not_left_out(
    tmp_path: Path, arguments: list[str], ci: bool, notes: bool
) -> None:
    (tmp_path / "proven.txt").write_text("")

    said = run(tmp_path, "-v", *arguments, ci=ci)

    assert "test_kept.py::test_it PASSED" in said and "left out" not in said
    assert ("noted" in said) is notes


def test_without_a_record_a_sample_runs_and_is_noted_nowhere(tmp_path: Path) -> None:
    said = run(tmp_path)

    assert "deselected" in said and "one in 3 ran" in said and "noted" not in said
