"""What can go wrong in the grader, and the exit code each ends with.

    GraderError
    ├── BadInput        what the user gave is wrong: unknown lab, bad file, bad option        exit 2
    │   └── BadRun      a run folder or an event file that is truncated, corrupt or foreign   exit 2
    └── Unproven        the run proves nothing about the submission                           exit 3

A wrong answer is not an error: it is a verdict. Every message is one sentence: what, where, what to do.
"""

from __future__ import annotations


class GraderError(Exception):
    """Base of everything raised by `grader`."""


class BadInput(GraderError):
    """What the user gave cannot be used; the message says what, where and what to do."""


class BadRun(BadInput):
    """A run folder that cannot be judged."""


class Unproven(GraderError):
    """The run proves nothing; `code` names the reason in `grader.judge.evidence.REASONS`."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)
