"""Documents of a run on its pages: escaped, alone and in the report, and only what was kept."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from grader.report.exhibits import FOLDER, exhibits
from grader.report.html import write_html
from grader.result import Result

ODD = '<img src=x onerror="hacked()">'
TEXT = f"# Review {ODD}\n\n2,114[^users] of us\u202e\x1b[2J\n\n[^users]: `SELECT 1` gives 2114\n"


def kept(run_dir: Path, trial: str, text: str = TEXT) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    (run_dir / FOLDER).mkdir(exist_ok=True)
    (run_dir / FOLDER / digest).write_text(text)
    noted = [{"name": "review", "media": "text/markdown", "digest": digest, "cut": True}]
    noted.append({"name": "lost", "media": "text/markdown", "error": f"OSError: {ODD}"})
    (run_dir / FOLDER / f"{trial}.json").write_text(json.dumps(noted))
    return digest


def test_a_document_is_shown_escaped_and_has_a_page_of_its_own(run_dir: Path, failed: Result) -> None:
    digest = kept(run_dir, failed.trials[0].id)

    report = write_html(run_dir, failed).read_text("utf-8")

    alone = (run_dir / FOLDER / f"{digest}.html").read_text("utf-8")
    for page in (report, alone):
        assert "# Review &lt;img src=x" in page and ODD not in page and "[U+202E]" in page and "\x1b" not in page
        assert digest in page and "It was longer, and is cut." in page
        assert "default-src &#39;none&#39;" in page
    assert f'href="{FOLDER}/{digest}.html"' in report and "It could not be read: OSError: &lt;img" in report
    assert "<script" not in alone


def test_a_run_without_documents_says_nothing_of_them(run_dir: Path, failed: Result) -> None:
    assert "To be read" not in write_html(run_dir, failed).read_text("utf-8")
    assert not (run_dir / FOLDER).exists()


def test_a_document_that_was_changed_is_not_shown(run_dir: Path, failed: Result) -> None:
    digest = kept(run_dir, failed.trials[0].id)
    (run_dir / FOLDER / digest).write_text("Another.")

    page = write_html(run_dir, failed).read_text("utf-8")

    assert "is not what was read when the trial ended" in page and "Another." not in page


@pytest.mark.parametrize(
    "noted",
    ["", "{", "3", "[3]", '[{"name": "x"}]', '[{"name": 3, "media": ""}]', '[{"name": "x", "media": "", "digest": 3}]']
    + ['[{"name": "x", "media": "", "digest": "../../secret"}]', "[" * 9000],
)
def test_damaged_notes_show_no_document(run_dir: Path, failed: Result, noted: str) -> None:
    kept(run_dir, failed.trials[0].id)
    (run_dir / FOLDER / f"{failed.trials[0].id}.json").write_text(noted)
    (run_dir / "secret").write_text("secret")

    write_html(run_dir, failed)

    assert not any(one.text for one in exhibits(run_dir, failed.trials[0].id))


def test_a_candidates_copy_has_no_document(run_dir: Path, failed: Result, tmp_path: Path) -> None:
    kept(run_dir, failed.trials[0].id)
    page = write_html(run_dir, failed, whole=False).read_text("utf-8")

    assert "To be read" not in page and "Review" not in page
