"""The page itself: made from a run folder and, where it is there, the submission. Nothing of either is run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.hiring.review.changes import Changes
from grader.hiring.review.labs_own import LabsOwn
from grader.hiring.review.questions import nearly_missed, questions
from grader.report import html, summary
from grader.result import Result, Verdict

TEMPLATE = "review.html.j2"
WHOSE = ("The submission", "the submission")
"""Where a report for its author says yours."""


@dataclass(frozen=True)
class Receipt:
    """What is known of the receipt: `word` in a word or two, `good` whether it holds, and why, in safe sentences;
    `checked`: whether it was held against a key."""

    word: str
    good: bool
    sentences: tuple[str, ...]
    checked: bool = False


def review(
    run_dir: Path, result: Result, changes: Changes | None, receipt: Receipt, labs_own: LabsOwn | None = None
) -> str:
    """The page, as HTML that needs nothing else.

    Of an invalid run it has neither figures nor pictures, so that nobody reads a score out of it.

    Raises:
        BadRun, BadInput: the run folder's files are there and cannot be used.
    """
    proven = result.verdict is not Verdict.INVALID
    objectives, trials = html.views(run_dir, result) if proven else ([], [])
    opened = {view.anchor for view in objectives if view.result.verdict is Verdict.FAIL or nearly_missed(view)}
    return html.page(
        TEMPLATE,
        result=result,
        proven=proven,
        objectives=objectives,
        trials=trials,
        opened=opened,
        reasons=html.reasons(result),
        headline=summary.headline(result, *WHOSE),
        questions=questions(result, objectives, changes),
        changes=changes,
        labs_own=labs_own or LabsOwn(),
        receipt=receipt,
        shows=" ".join(["change"] * (changes is not None) + ["receipt"] * receipt.checked),
    )
