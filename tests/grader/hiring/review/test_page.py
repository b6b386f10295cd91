"""The page: what it says for each verdict, that it asks nobody for anything, and that hostile text stays text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.course import catalog
from grader.course.files import Folder
from grader.hiring.review.changes import Changes, FileChange, Line, compare
from grader.hiring.review.lines import Place
from grader.hiring.review.page import Receipt, review
from grader.result import Reason, Result
from tests.grader.course import Course
from tests.grader.formats.conftest import EVIL, hostile

UNSIGNED = Receipt("none", False, ("No receipt lies in the run folder.",))
CHANGE = FileChange(
    "desk/a.py", "changed", 1, 1, (Line("-", "old()"), Line("+", "new()")), "", (Place("gate", 1, 1, 2),)
)


def written(run_dir: Path, result: Result, changes: Changes | None = None, receipt: Receipt = UNSIGNED) -> str:
    return review(run_dir, result, changes, receipt).replace("\u00a0", " ")


def test_a_fail_has_figures_margins_questions_and_pictures(run_dir: Path, failed: Result) -> None:
    page = written(run_dir, failed, Changes((CHANGE,), ("README.txt",)))

    assert "The submission missed 1 of 3 objectives" in page and "Your system" not in page
    assert "248 of 4,270 events" in page and "5.8 times what may be bad" in page
    assert "What happens to “Answers in time” when" in page and "gate in desk/a.py" in page
    assert page.count('class="plot"') > 10 and "<code>README.txt</code>" in page
    assert '<span class="went">- old()' in page and '<span class="came">+ new()' in page


def test_a_pass_says_what_it_does_not_say(run_dir: Path, passed: Result) -> None:
    page = written(run_dir, passed)

    assert "The submission kept all 3 objectives." in page and "nor who wrote the code" in page
    assert "Give it with <code>--submission</code>" in page


def test_an_invalid_run_proves_nothing_and_has_no_figure(run_dir: Path, invalid: Result) -> None:
    page = written(run_dir, invalid, Changes((CHANGE,), ()))

    body = page.split("<main>")[1]
    assert "proves nothing about the submission, because the load generator sent 12.4 % of its requests late" in body
    assert "It is no fail and no score." in body and "Grade the same submission again" in body
    for figure in ("94.2", "4,270", "248", "missed 1", "kept", 'class="plot"', "promised", "events"):
        assert figure not in body
    assert "gate in desk/a.py" in body


def test_files_are_folded(run_dir: Path, passed: Result) -> None:
    page = written(run_dir, passed, Changes((CHANGE, replace(CHANGE, path="desk/b.py")), ()))

    assert page.count('<details class="trial file"><summary>') == 2


def test_the_seed_and_what_faults_are_called_are_not_in_it(
    run_dir: Path, failed: Result, secrets: tuple[str, ...]
) -> None:
    page = written(run_dir, failed)

    assert str(failed.seed) not in re.sub(r'"[^"]*"', "", page)
    assert [word for word in secrets if word in page] == []


def test_it_is_one_file_that_asks_for_nothing(run_dir: Path, failed: Result) -> None:
    page = written(run_dir, failed, Changes((CHANGE,), ()))

    assert "default-src &#39;none&#39;" in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "") and "https://" not in page
    assert "src=" not in page.replace("-src", "") and len(page.encode()) < 2_000_000


def test_a_hostile_submission_stays_text(desk: Course, run_dir: Path, failed: Result, tmp_path: Path) -> None:
    name, script = "<img src=x onerror=alert(1)>\u202e.py", "</pre></span><script>alert(1)</script>\x1b[31m\n"
    folder = tmp_path / "handed-in"
    (folder / "desk").mkdir(parents=True)
    (folder / "desk" / name).write_text(f"def {'x' * 500}():\n    {script}::stop-commands::x\n")
    (folder / f"{name}.aside").write_text("")

    with Folder(folder) as handed:
        page = written(run_dir, hostile(failed), compare(catalog.find_lab("desk"), handed))

    assert page.count("<script>") == 1 and "<img" not in page
    assert "&lt;script&gt;alert(1)" in page and "&lt;img src=x onerror=alert(1)&gt;[U+202E].py" in page
    assert not set("\x1b\x00\x07\u202e\u202d") & set(page)
    body = page.split("<main>")[1].split("<script>")[0]
    assert not re.search(r"^\s*::[a-z]", body, re.MULTILINE) and "##vso[" not in body


def test_a_hostile_reason_of_an_invalid_run_stays_text(run_dir: Path, invalid: Result) -> None:
    page = written(run_dir, replace(invalid, reasons=(Reason("x", EVIL),)))

    assert "<img" not in page and not re.search(r"^::", page, re.MULTILINE)


@pytest.mark.parametrize(
    "receipt", [Receipt("verified", True, ("All is.",)), Receipt("does not verify", False, ("x",))]
)
def test_the_receipt_is_at_the_top_and_at_the_end(run_dir: Path, passed: Result, receipt: Receipt) -> None:
    page = written(run_dir, passed, receipt=receipt)

    assert f"<dt>receipt</dt><dd>{receipt.word}</dd>" in page
    assert f'class="verdict {"pass" if receipt.good else "undecided"}"' in page.split('id="receipt"')[1]


def test_a_run_without_evidence_has_a_page(tmp_path: Path, failed: Result) -> None:
    page = written(tmp_path, failed)

    assert "The submission missed 1 of 3 objectives" in page and "What happens to “Answers in time” when" in page


def test_what_is_kept_and_not_changed_makes_the_same_page(run_dir: Path, failed: Result) -> None:
    pages = {review(run_dir, failed, Changes((CHANGE,), ()), UNSIGNED) for _ in range(2)}
    before: Callable[[], list[str]] = lambda: sorted(str(path) for path in run_dir.rglob("*"))  # noqa: E731

    there = before()
    review(run_dir, failed, None, UNSIGNED)

    assert len(pages) == 1 and before() == there
