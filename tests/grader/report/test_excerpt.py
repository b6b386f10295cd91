"""What is shown of a log after a failed rehearsal: lines around a request that went bad, else the last ones."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from grader.report.data import RunData
from grader.report.excerpt import Excerpt, excerpt
from grader.report.logs import TrialLogs
from grader.report.terminal import print_result
from grader.result import Result


@pytest.fixture
def worst(run_dir: Path, failed: Result) -> str:
    """The trial in which most went wrong."""
    found = excerpt_of(run_dir, failed, {trial.id: "a line" for trial in failed.trials})
    assert found
    return found.spot.trial


def excerpt_of(run_dir: Path, result: Result, logs: dict[str, str], service: str = "controller") -> Excerpt | None:
    """With these logs of a service, by trial."""
    for trial, text in logs.items():
        (run_dir / "logs" / trial).mkdir(parents=True, exist_ok=True)
        (run_dir / "logs" / trial / f"{service}.log").write_text(text)
    return excerpt(run_dir, result, ("silent", service))


def test_lines_around_a_bad_request_are_shown(run_dir: Path, failed: Result, worst: str) -> None:
    with RunData(run_dir) as data:
        [[bad]] = data.rows(
            "select id from events join judged using (n) where objective = 'in-time' and not good and judged.trial = $1"
            " and judged.due >= 4 and judged.due < 5 order by judged.due limit 1",
            worst,
        )
    before, after = [f"before {n}" for n in range(50)], [f"after {n}" for n in range(50)]

    found = excerpt_of(run_dir, failed, {worst: "\n".join([*before, f"id={bad} KeyError", *after])})

    assert found is not None and (found.service, found.word, found.trial[:7]) == ("controller", bad, "Rollout")
    assert found.lines[:5] == (*before[-4:], f"id={bad} KeyError") and found.lines[5:] == tuple(after[:7])
    assert (found.spot.objective, found.spot.start_s) == ("in-time", 4.0)
    file = io.StringIO()
    print_result(Console(file=file, width=80), failed, run_dir, excerpt=found)
    assert f"> id={bad} KeyError" in file.getvalue() and "| after 0" in file.getvalue()


def test_without_a_bad_request_the_last_lines_are_shown(run_dir: Path, failed: Result, worst: str) -> None:
    found = excerpt_of(run_dir, failed, {worst: "\n".join(f"line {n}" for n in range(50))})

    assert found is not None and found.word == ""
    assert found.lines == tuple(f"line {n}" for n in range(38, 50))


def test_without_a_bad_request_the_error_that_came_most_is_shown(run_dir: Path, failed: Result, worst: str) -> None:
    often = "Traceback (most recent call last):\n  File a.py\nKeyError: 'y'\n"
    text = f"start\n{often}ok\n{often}ok\nTraceback (most recent call last):\nConnectionResetError: gone\n"

    found = excerpt_of(run_dir, failed, {worst: text})

    assert found is not None and found.word == ""
    assert found.lines == ("start", *often.splitlines(), "ok", *often.splitlines())


def test_nothing_is_shown_where_nobody_wrote_or_nothing_is_missed(
    run_dir: Path, failed: Result, passed: Result
) -> None:
    assert excerpt_of(run_dir, passed, {"slow.0": "a line"}) is None
    assert excerpt_of(run_dir, failed, {trial.id: "" for trial in failed.trials}) is None


def test_a_word_that_is_short_is_nobodys_name(tmp_path: Path) -> None:
    (tmp_path / "desk.log").write_text("gold\ngold-000001\n")

    assert TrialLogs(tmp_path).around("desk", ["gold"], 12) == ("", ["gold", "gold-000001"])
    assert TrialLogs(tmp_path).around("desk", ["gold-000001"], 12) == ("gold-000001", ["gold", "gold-000001"])
    assert TrialLogs(tmp_path).around("other", ["gold-000001"], 12) == ("", [])


def test_it_stands_on_the_screen_and_cannot_command_the_terminal(run_dir: Path, failed: Result, worst: str) -> None:
    file = io.StringIO()
    shown = excerpt_of(run_dir, failed, {worst: "first\n\x1b[2Jlast ::set-output name=x::y"})

    print_result(Console(file=file, width=80), failed, run_dir, next_command="lab logs canary", excerpt=shown)

    lines = file.getvalue().splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("Log of controller, Rollout on a Monday"))
    assert "what it wrote most or last, for no line names a bad event of 4 s to 5 s" in " ".join(
        " ".join(lines[at:]).split()
    )
    assert (
        "| first" in lines and any(line.startswith("| last") for line in lines[at:]) and "\x1b" not in file.getvalue()
    )
    assert lines[-1] == "Next    lab logs canary"
