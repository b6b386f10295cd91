"""The run folder made by hand that reports are tested with."""

from tests.grader.report.conftest import (
    add_log,
    close_fail,
    close_pass,
    event_row,
    failed,
    invalid,
    make_run,
    passed,
    run_dir,
    secrets,
)

__all__ = [
    "add_log",
    "close_fail",
    "close_pass",
    "event_row",
    "failed",
    "invalid",
    "make_run",
    "passed",
    "run_dir",
    "secrets",
]
