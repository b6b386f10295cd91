"""The page's content, and what hostile text becomes in it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from grader.errors import BadRun
from grader.report.data import RunData
from grader.report.html import write_html
from grader.report.series import all_series
from grader.result import Reason, Result, TrialResult, Verdict


def test_page_says_what_was_promised_and_measured(run_dir: Path, failed: Result) -> None:
    page = write_html(run_dir, failed).read_text("utf-8").replace("\u00a0", " ")

    assert "missed 1 of 3 objectives; the exam stopped there, before 1 other was judged" in page
    for words in (
        "94.2 %",
        "92.8 % to 95.1 %",
        "248 of 4,270 events",
        ">not judged<",
        "A user gets an answer within 400 ms.",
    ):
        assert words in page
    assert "Rollout on a Monday, sample 2, phase rollout, 4 s to 5 s: 51 of 60 events bad" in page


@pytest.mark.parametrize(("which", "word"), [("close_pass", "pass"), ("close_fail", "fail")])
def test_page_has_a_word_and_a_sentence_for_a_close_call(
    run_dir: Path, request: pytest.FixtureRequest, which: str, word: str
) -> None:
    page = write_html(run_dir, request.getfixturevalue(which)).read_text("utf-8").replace("\u00a0", " ")

    assert f"<title>Close {word}: canary" in page and f"<h1>Close {word}</h1>" in page
    assert page.count(f"</svg>close {word}</span>") == 1 and page.count("</svg>kept</span>") == 2
    assert "but too near to call it proven; another exam might say otherwise" in page


def test_page_says_where_to_look_for_missed_objectives_only(run_dir: Path, failed: Result) -> None:
    page = write_html(run_dir, failed).read_text("utf-8")

    assert page.count(">Look at</span>") == 1


def test_page_never_names_faults_parameters_or_trial_ids(
    run_dir: Path, failed: Result, secrets: tuple[str, ...], add_log: Callable[[Path, str, str, bytes], None]
) -> None:
    for trial in failed.trials:  # the synthetic request ids carry the trial's id; real ones do not
        add_log(run_dir, trial.id, "gateway", b"nothing")
    with duckdb.connect() as base:
        events = run_dir / "events.parquet"
        base.execute(f"create table e as select * replace (substr(id, 8) as id) from '{events}'")
        base.execute(f"copy e to '{events}'")

    page = write_html(run_dir, failed).read_text("utf-8")

    assert [word for word in secrets if word in page] == []
    assert "something happened here" in page


def test_page_is_one_file_that_asks_for_nothing(run_dir: Path, failed: Result) -> None:
    page = write_html(run_dir, failed).read_text("utf-8")

    assert "default-src &#39;none&#39;" in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page and "@import" not in page and "src=" not in page.replace("-src", "")
    assert len(page.encode()) < 2_000_000


def test_log_lines_of_a_request_stand_with_it(run_dir: Path, failed: Result) -> None:
    page = write_html(run_dir, failed).read_text("utf-8")

    assert '<span class="service">gateway</span> {&#34;level&#34;' in page
    assert "No service logged the id" not in page


def test_without_ids_in_the_logs_the_page_points_to_their_end(
    run_dir: Path, failed: Result, add_log: Callable[[Path, str, str, bytes], None]
) -> None:
    for trial in failed.trials:
        add_log(run_dir, trial.id, "gateway", b"2026 something\n" * 10)

    assert "No service logged the id" in write_html(run_dir, failed).read_text("utf-8")


def test_hostile_text_is_shown_and_never_obeyed(
    make_run: Callable[..., Path],
    failed: Result,
    event_row: Callable[..., dict[str, Any]],
    add_log: Callable[[Path, str, str, bytes], None],
) -> None:
    evil = "<script>alert(1)</script>\x1b[31mred\u202egnp.exe\x00"
    request = event_row("slow.0", "request", 3.0, done=99.0, id="abcdef123456", name=evil, phase="rollout", status=500,
                        answer=evil, served_by=evil, error=evil, segment=evil)  # fmt: skip
    run_dir = make_run(failed, [request])
    line = b"abcdef123456 </pre><img src=x onerror=alert(1)>\x1b]0;title\x07 " + "\u202e".encode() + b"\xff\xfe"
    add_log(run_dir, "slow.0", "<b>evil", line + b"A" * 1_000_000)
    result = replace(failed, lab="canary", reasons=(Reason("x", evil),), versions={evil: evil})

    page = write_html(run_dir, result).read_text("utf-8")

    assert page.count("<script>") == 1 and "<img" not in page and "<b>evil" not in page
    assert "&lt;script&gt;alert(1)" in page and "red[U+202E]gnp.exe[U+0000]" in page
    assert not set("\x1b\x00\x07\u202e") & set(page)
    assert "more characters)" in page and "A" * 1000 not in page


def test_links_in_the_logs_are_not_followed(run_dir: Path, failed: Result, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("do not read me")
    (run_dir / "logs" / "slow.0" / "link.log").symlink_to(tmp_path / "elsewhere")

    assert "do not read me" not in write_html(run_dir, failed).read_text("utf-8")


def test_invalid_run_proves_nothing_and_says_why(run_dir: Path, invalid: Result) -> None:
    page = write_html(run_dir, invalid).read_text("utf-8").replace("\u00a0", " ")

    assert "proves nothing about your code, because the load generator sent 12.4 % of its requests late" in page
    assert "does not count as a fail" in page
    assert "missed" not in page.split("<main>")[1].split('<h2 id="trials"')[0]


def test_what_was_too_close_to_tell_leads_to_its_trial(run_dir: Path, close: Result) -> None:
    page = write_html(run_dir, close).read_text("utf-8").replace("\u00a0", " ")

    assert "Right answers: 4792 of 4900 good lies too close to the promised 98 % to tell" in page
    assert page.count('<span class="muted">Look at</span> <a href="#trial-') == 1


def test_nobody_is_sent_to_a_trial_that_does_not_count(run_dir: Path, failed: Result) -> None:
    broken = [replace(t, verdict=Verdict.INVALID) if t.id in ("slow.1", "slow.2") else t for t in failed.trials]

    page = write_html(run_dir, replace(failed, trials=tuple(broken))).read_text("utf-8").replace("\u00a0", " ")

    assert "Rollout on a Monday, sample 4, phase rollout, 4 s to 5 s" in page
    assert "Rollout on a Monday, sample 2, phase" not in page


def test_run_that_never_started_has_a_page(tmp_path: Path, failed: Result) -> None:
    why = Reason("not-started", "The service gateway did not get ready within 20 s.")
    result = replace(failed, verdict=Verdict.INVALID, reasons=(why,), objectives=(), trials=())

    page = write_html(tmp_path, result).read_text("utf-8").replace("\u00a0", " ")

    assert "because the service gateway did not get ready within 20 s." in page


def test_corrupt_events_are_a_bad_run(run_dir: Path, failed: Result) -> None:
    (run_dir / "events.parquet").write_bytes(b"PAR1 nonsense")

    with pytest.raises(BadRun, match="events.parquet"):
        write_html(run_dir, failed)


def test_objective_that_reads_files_is_refused(run_dir: Path, failed: Result) -> None:
    slo = run_dir / "scenario" / "slo.yaml"
    slo.write_text(slo.read_text().replace("latency <= 0.4", "(select content from read_text('/etc/passwd')) = answer"))

    with pytest.raises(BadRun, match="in-time"):
        write_html(run_dir, failed)


def test_many_trials_and_long_logs_stay_under_the_cap(
    make_run: Callable[..., Path], failed: Result, add_log: Callable[[Path, str, str, bytes], None]
) -> None:
    kinds = [f"{'slow' if n % 2 else 'fine'}.{n}" for n in range(48)]
    trials = tuple(TrialResult(kind, "", 1, Verdict.PASS, (), 760, False, 14.0, 1.2, 1.5) for kind in kinds)
    result = replace(failed, trials=trials)
    run_dir = make_run(result)
    for kind in kinds:
        for service in "abcdef":
            add_log(run_dir, kind, service, ("\u202e<&>'\"" * 100 + "\n").encode() * 500)

    page = write_html(run_dir, result).read_text("utf-8")

    assert len(page.encode()) < 2_000_000
    assert "This trial is not drawn" in page


def test_report_of_ten_trials_takes_under_a_second(make_run: Callable[..., Path], failed: Result) -> None:
    trials = tuple(replace(failed.trials[n % 7], id=f"{'slow' if n % 2 else 'fine'}.{n}") for n in range(10))
    result = replace(failed, trials=trials)
    run_dir = make_run(result)
    began = time.process_time()

    write_html(run_dir, result)

    assert time.process_time() - began < 1.5  # 0.4 s on an idle core


def test_what_was_missed_comes_first_in_the_table_of_trials(run_dir: Path, failed: Result) -> None:
    first, second, third = failed.objectives
    kept, missed = replace(first, verdict=Verdict.PASS), replace(third, verdict=Verdict.FAIL)
    result = replace(failed, objectives=(kept, second, missed))

    page = write_html(run_dir, result).read_text("utf-8")

    table = page.partition('<table class="trials">')[2].partition("</table>")[0]
    titles = [cell.partition(">")[2].partition("<")[0] for cell in table.split('<th scope="col"')[1:]]
    assert titles == ["Trial", "Answers at all", "Answers in time", "Right answers", "Counts"]
    slow, fine = table.split("<tr>")[2], table.split("<tr>")[-1]
    assert [cell.partition("</td>")[0].partition("title=")[1] for cell in slow.split("<td>")[1:]] == [
        "title=",
        "",
        "",
        "",
    ]
    assert "700" in fine.split("<td>")[1], "the cells are in the same order"


def test_page_says_when_the_run_was_held(run_dir: Path, failed: Result) -> None:
    os.utime(run_dir / "events.parquet", (1_800_000_000, 1_800_000_000))

    page = write_html(run_dir, failed).read_text("utf-8")

    assert '<time datetime="2027-01-15T08:00:00+00:00">2027-01-15 08:00 UTC</time>' in page
    (run_dir / "events.parquet").unlink()
    assert "<time" not in write_html(run_dir, failed).read_text("utf-8")


def test_hatching_is_where_the_exam_acted(
    make_run: Callable[..., Path], failed: Result, event_row: Callable[..., dict[str, Any]]
) -> None:
    def step(name: str, begun: float, done: float, answer: str, part: str = "method") -> dict[str, Any]:
        return event_row("fine.0", "fault", begun, done=done, name=name, answer=answer, segment=part)

    steps = [
        step("both answer", -1.0, -0.9, "yes", "hypothesis"),
        step("wait for the fault", 0.0, 6.0, "done"),
        step("the store fails", 6.0, 6.1, "done"),
        step("an edition is published", 6.6, 6.7, "yes"),
        step("wait for the end of the trial", 6.7, 11.5, "done"),
        step("it fails still", 11.5, 11.6, "yes"),
        step("all is well again", 11.6, 11.65, "done", "rollbacks"),
    ]
    run = make_run(failed, steps)

    with RunData(run) as data:
        windows = all_series(data)["fine.0"].windows

    assert windows[-2:] == ((6.0, 6.1), (6.6, 6.7))
