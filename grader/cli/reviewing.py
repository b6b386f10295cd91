"""`lab review`."""

from __future__ import annotations

import shlex
from pathlib import Path

from grader.candidate import staging
from grader.candidate.handed_in import opened
from grader.cli import taking_home
from grader.cli.console import next_step, say
from grader.course import catalog
from grader.course.files import shown
from grader.errors import BadInput
from grader.report.saved import load_result
from grader.report.summary import headline
from grader.takehome.review.changes import Changes, compare
from grader.takehome.review.labs_own import LabsOwn, labs_own
from grader.takehome.review.page import WHOSE
from grader.takehome.review.page import review as write
from grader.takehome.review.receipt import receipt

_OURS = b"<!doctype html>"


def review(run: Path, submission: Path | None, public: Path | None, to: Path | None) -> None:
    """Write the page for who reviews a submission.

    Raises:
        BadInput: no run, no such lab, a submission that could not have been graded, or a page that cannot be written.
    """
    if not run.is_dir():
        raise BadInput(f"{shown(run)} is not the folder of a run; each is in results/ID/RUN")
    page = to or run.absolute().with_name(f"{run.absolute().name}-review.html")
    _check_target(page, run)
    result = load_result(run)
    lab = result.lab
    handed_in = (lambda: taking_home.digest(lab, submission)) if submission else None
    here = lab in catalog.lab_ids() and catalog.has_exam(lab)
    signed = receipt(run, public, taking_home.version(lab) if here else "", handed_in)
    named = shlex.quote(str(submission)) if submission else "FILE"
    own = labs_own(catalog.find_scenario(catalog.find_lab(lab)), named) if here else LabsOwn()
    text = write(run, result, _changes(lab, submission), signed, own)
    try:
        page.write_text(text, "utf-8", errors="replace")
    except OSError as error:
        raise BadInput(f"{shown(page)}: cannot be written ({error.strerror}); name another file with --to") from error
    say(headline(result, *WHOSE))
    print(page.absolute().as_uri())
    next_step(f"lab judge {shown(run)}", "judges the same evidence again, should somebody doubt it")


def _check_target(page: Path, run: Path) -> None:
    if run.resolve() in page.resolve().parents:
        raise BadInput(f"{shown(page)}: lies in the run, which its receipt counts; name a file elsewhere with --to")
    if page.exists() and not (page.is_file() and page.read_bytes().startswith(_OURS)):
        raise BadInput(f"{shown(page)}: is there and is no page of ours; name another file with --to")


def _changes(lab_id: str, submission: Path | None) -> Changes | None:
    if submission is None:
        return None
    lab = catalog.find_lab(lab_id)
    with staging.folder() as folder, opened(submission, lab_id, folder.with_name("handed-in")) as handed:
        return compare(lab, handed)
