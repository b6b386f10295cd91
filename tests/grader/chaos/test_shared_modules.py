"""Packages in `labs/cast/lib` of a course are there for an exam.py, when it is checked and when it is run."""

from __future__ import annotations

from pathlib import Path

from grader.chaos.check import check_experiment
from tests.grader.chaos.chaos_helpers import run, scenario, step


def test_an_exam_imports_them(tmp_path: Path) -> None:
    package = tmp_path / "labs" / "cast" / "lib" / "shared_by_exams"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("WORD = 'shared'\n")
    folder = tmp_path / "scenarios" / "a-lab"
    folder.mkdir(parents=True)
    path = scenario(folder, [step("probe", "it is there", "word", module="exam", tolerance="shared")])
    (folder / "exam.py").write_text("import shared_by_exams\ndef word():\n    return shared_by_exams.WORD\n")

    check_experiment(path, {})
    code, errors, seen = run(folder, path)

    assert (code, errors) == (0, "")
    assert [event["answer"] for event in seen] == ["yes"]
