"""`lab review`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from grader.cli import taking_home
from grader.cli.console import next_step, say
from grader.course import catalog
from grader.course.files import shown
from grader.errors import BadInput
from grader.hiring.review.changes import Changes, compare
from grader.hiring.review.labs_own import LabsOwn, labs_own
from grader.hiring.review.page import WHOSE
from grader.hiring.review.page import review as write
from grader.hiring.review.receipt import receipt
from grader.intake import staging
from grader.intake.handed_in import opened
from grader.report.saved import load_result
from grader.report.summary import headline

_OURS = b"<!doctype html>"
_SHOWS = re.compile(rb'<meta name="brownout-shows" content="([a-z ]*)">')
_HEAD = 4096


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
    changes = _changes(lab, submission)
    _check_better(page, {"change": changes is not None, "receipt": signed.checked})
    named = shlex.quote(str(submission)) if submission else "FILE"
    own = labs_own(catalog.find_scenario(catalog.find_lab(lab)), named) if here else LabsOwn()
    text = write(run, result, changes, signed, own)
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


def _check_better(page: Path, shows: Mapping[str, bool]) -> None:
    """A page that shows more than the new one would stays."""
    if not page.exists():
        return
    with page.open("rb") as file:
        there = _SHOWS.search(file.read(_HEAD))
    lost = [what for what in (there[1].decode().split() if there else ()) if not shows.get(what)]
    if lost:
        options = {"change": "--submission", "receipt": "--public"}
        again = " and ".join(options[what] for what in lost if what in options)
        raise BadInput(
            f"{shown(page)}: is there and shows the {' and the '.join(lost)} too; give {again} again, or name another "
            "file with --to"
        )


def _changes(lab_id: str, submission: Path | None) -> Changes | None:
    if submission is None:
        return None
    lab = catalog.find_lab(lab_id)
    with staging.folder() as folder, opened(submission, lab_id, folder.with_name("handed-in")) as handed:
        return compare(lab, handed)
