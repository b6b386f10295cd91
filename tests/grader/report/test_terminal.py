"""What a terminal, a pipe and a quiet run get to read. Words, not layout."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from grader.report.html import write_html
from grader.report.terminal import ProgressView, print_result
from grader.result import Progress, Reason, Result, TrialProgress


def console(terminal: bool = False, width: int = 80, encoding: str = "utf-8") -> tuple[Console, io.BytesIO]:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    return Console(file=file, width=width, force_terminal=terminal, height=40), raw


def printed(result: Result, run_dir: Path, encoding: str = "utf-8", terminal: bool = False) -> str:
    screen, raw = console(terminal, encoding=encoding)
    print_result(screen, result, run_dir)
    return raw.getvalue().decode(encoding)


def progress(result: Result, stage: str = "measuring", elapsed: float = 12) -> Progress:
    trials = tuple(TrialProgress(t.title, "running", "rollout", 60.0, 301, 22) for t in result.trials)
    return Progress(stage, elapsed, 48, trials, result.objectives)


def test_result_fits_eighty_columns_and_says_it_all(run_dir: Path, failed: Result) -> None:
    write_html(run_dir, failed)

    text = printed(failed, run_dir)

    words = " ".join(text.split())
    for expected in ("Fail.", "missed 1 of 3 objectives", "99 %", "94.2 %", "92.8 %", "248 of", "4,270", "✗ missed",
                     "- not judged", "✓ kept", "(in-time)", "Answers in time: look at Rollout on a Monday",
                     "lab hint canary"):  # fmt: skip
        assert expected in words
    assert "Right answers: look at" not in words
    lines = [line for line in text.splitlines() if not line.startswith("Report")]
    assert max(map(len, lines)) <= 80
    assert str(run_dir / "report.html") in text


def test_what_was_too_close_to_tell_is_named_with_its_trial_and_seconds(run_dir: Path, close: Result) -> None:
    words = " ".join(printed(close, run_dir).split())

    assert "Right answers: look at Rollout on a Monday" in words and "events bad" in words
    assert "Answers in time: look at" not in words
    assert "machine is not to blame" in words and "lab grade canary" in words and "lab doctor" not in words


@pytest.mark.parametrize(("which", "word"), [("close_pass", "pass"), ("close_fail", "fail")])
def test_a_close_call_has_its_own_word_and_its_sentence(
    run_dir: Path, request: pytest.FixtureRequest, which: str, word: str
) -> None:
    text = printed(request.getfixturevalue(which), run_dir)

    words = " ".join(text.split())
    assert f"Close {word}." in words and words.count(f"close {word}") == 1 and f"✓ {word}" not in words
    assert words.count("too near to call it proven; another exam might say otherwise") == 1
    assert "Right answers: look at Rollout on a Monday" in words
    assert max(len(line) for line in text.splitlines() if not line.startswith("Report")) <= 80


def test_result_never_names_causes(run_dir: Path, failed: Result, secrets: tuple[str, ...]) -> None:
    text = printed(failed, run_dir)

    assert [word for word in secrets if word in text] == []


def test_what_answers_looked_like_is_left_out_where_nothing_may_be_quoted(run_dir: Path, failed: Result) -> None:
    screen, raw = console()

    print_result(screen, failed, run_dir, quote=False)

    assert "mostly" in printed(failed, run_dir)
    assert "mostly" not in raw.getvalue().decode() and "look at Rollout on a Monday" in raw.getvalue().decode()


def test_result_of_an_invalid_run(run_dir: Path, invalid: Result) -> None:
    words = " ".join(printed(invalid, run_dir).split())

    assert "proves nothing about your code, because the load generator" in words
    assert "lab doctor" in words and "! proves nothing" in words
    assert "missed" not in words and "look at" not in words


def test_objectives_that_only_the_exam_judges_are_named(run_dir: Path, passed: Result) -> None:
    screen, raw = console()

    print_result(screen, passed, run_dir, untried=["Answers are fast", "No half-way split"])

    words = " ".join(raw.getvalue().decode().split())
    assert "Not tried here, only in the exam: Answers are fast; No half-way split " in words
    assert "Not tried" not in printed(passed, run_dir)


def test_result_without_a_run_folder(tmp_path: Path, failed: Result) -> None:
    assert "look at" not in printed(failed, tmp_path / "gone")


def test_result_on_a_terminal_without_utf8(run_dir: Path, failed: Result) -> None:
    text = printed(failed, run_dir, encoding="latin-1")

    assert "x missed" in text and "+ kept" in text


def test_no_color_is_respected(run_dir: Path, failed: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    assert "\x1b[31m" not in printed(failed, run_dir, terminal=True)
    assert "\x1b[1;31m" not in printed(failed, run_dir, terminal=True)


def test_hostile_reason_reaches_no_terminal(run_dir: Path, failed: Result) -> None:
    evil = replace(failed, reasons=(Reason("x", "[red]markup[/red] \x1b]0;title\x07\x1b[2J", ""),))

    text = printed(evil, run_dir)

    assert "[red]markup[/red]" in text and "\x1b" not in text


def test_reasons_of_one_kind_are_told_once(run_dir: Path, invalid: Result) -> None:
    busy = tuple(Reason("machine-busy", f"work took {n} times as long as alone", "") for n in (12, 31, 58))
    late = Reason("load-late", "22 % of requests left more than 500 ms late", "")

    words = " ".join(printed(replace(invalid, reasons=(*busy, late)), run_dir).split())

    assert words.count("work took 12 times as long as alone") == 1 and "58 times" not in words
    assert "- and 2 more of this kind" in words
    assert words.count("The machine itself was too slow") == 1 and "22 % of requests left" in words


def test_progress_into_a_pipe_is_a_line_now_and_then(failed: Result) -> None:
    screen, raw = console()
    times = iter([0.0, 1.0, 2.0, 6.0])
    with ProgressView(screen, clock=lambda: next(times)) as view:
        for second in (0, 1, 2, 6):
            view.update(progress(failed, elapsed=second))

    lines = raw.getvalue().decode().splitlines()
    assert lines == [
        f"{second} s of about 48 s: measuring; 7 trials, 2,107 answered over all phases, 154 not fine; "
        "2 of 3 objectives settled"
        for second in (0, 6)
    ]


def test_progress_tells_a_new_stage_at_once(failed: Result) -> None:
    screen, raw = console()
    with ProgressView(screen, clock=lambda: 0.0) as view:
        view.update(Progress("starting", 0, 48))
        view.update(Progress("measuring", 1, 48))

    assert [line.split(": ")[1] for line in raw.getvalue().decode().splitlines()] == ["starting", "measuring"]


def test_progress_on_a_terminal_shows_trials_and_objectives(failed: Result) -> None:
    screen, raw = console(terminal=True)
    with ProgressView(screen) as view:
        view.update(progress(failed))

    text = raw.getvalue().decode()
    for word in ("Rollout on a Monday", "rollout", "60/s", "301", "measuring", "missed", "Promised"):
        assert word in text


def test_quiet_is_silent(failed: Result) -> None:
    screen, raw = console(terminal=True)
    with ProgressView(screen, quiet=True) as view:
        view.update(progress(failed))

    assert raw.getvalue() == b""


def test_what_no_machine_judges_is_asked_after_every_verdict(run_dir: Path, passed: Result, failed: Result) -> None:
    for result in (passed, failed):
        asked = replace(result, reader=("Would <b>you</b> adopt it?", "Can an author act\x1b[2J on a refusal?"))
        words = " ".join(printed(asked, run_dir).split())
        page = write_html(run_dir, asked).read_text("utf-8")
        assert "Not judged here, for a person who reads what was handed in: - Would <b>you</b> adopt it? - Can" in words
        assert "\x1b" not in words + page and ">Not judged here</h2>" in page
        assert "<li>Would &lt;b&gt;you&lt;/b&gt; adopt it?</li>" in page.replace("\u00a0", " ")
    assert "Not judged here" not in printed(passed, run_dir) + write_html(run_dir, passed).read_text("utf-8")
