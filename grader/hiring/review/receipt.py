"""What the receipt in a run folder is worth, for the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from grader.errors import BadInput
from grader.hiring import receipts
from grader.hiring.review.page import Receipt
from grader.safe import visible

_MOST = 20


def receipt(run_dir: Path, public: Path | None, version: str, submission: Callable[[], str] | None) -> Receipt:
    """Hold the receipt against all that is here.

    Args:
        run_dir: the run folder.
        public: the team's public key; without it nothing that the receipt says is believed.
        version: digest of the lab and its exam as they are here; empty where they are not.
        submission: gives the digest of what was handed in, or raises BadInput; None where it is not here.
    """
    file = run_dir / receipts.NAME
    if not file.is_file():
        return Receipt("none", False, ("No receipt lies in the run folder; lab grade --sign FILE writes one.",))
    if public is None:
        return Receipt("not checked", False, ("There is one. Give your team's public key with --public to check it.",))
    try:
        said = receipts.read(file, public)
        wrong = list(_wrong(said, run_dir, submission))
    except BadInput as error:
        return Receipt("does not verify", False, (visible(str(error)),), True)
    facts = f"Signed for {said.get('candidate') or 'nobody by name'}, {said['graded_at']}, lab {said.get('version')}."
    told = [facts, *(wrong[:_MOST] or _fine(said, version, submission is not None))]
    return Receipt("does not verify" if wrong else "verified", not wrong, tuple(visible(one) for one in told), True)


def _wrong(said: dict[str, Any], run_dir: Path, submission: Callable[[], str] | None) -> Iterator[str]:
    yield from (f"{one}." for one in receipts.differences(said, run_dir))
    if submission is not None and submission() != said.get("submission"):
        yield "The submission is not the one that was graded."


def _fine(said: dict[str, Any], version: str, compared: bool) -> Iterator[str]:
    yield "All files of the run are as they were signed."
    yield "The submission is the one that was graded." if compared else "The submission is not here to compare."
    if version != said.get("version"):
        yield "The lab or its exam is not here as it was then: what was changed is shown against the lab as it is here."
