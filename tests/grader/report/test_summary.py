"""The words: numbers that are never rounded into a lie, and sentences that read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import invocation
from grader.report import summary
from grader.result import ObjectiveResult, Reason, Result, TrialResult, Verdict
from grader.safe import visible


@pytest.mark.parametrize(
    ("ratio", "target", "text"),
    [
        (0.982, None, "98.2 %"),
        (0.98, None, "98 %"),
        (0.9997, None, "99.97 %"),
        (0.999999, None, "99.9999 %"),
        (1.0, None, "100 %"),
        (0.0, None, "0 %"),
        (0.0004, None, "0.04 %"),
        (0.98996, 0.99, "98.996 %"),
        (0.99, 0.99, "99 %"),
    ],
)
def test_percent(ratio: float, target: float | None, text: str) -> None:
    assert summary.percent(ratio, target) == text


@given(st.integers(0, 5000), st.integers(1, 5000), st.sampled_from([0.9, 0.95, 0.98, 0.99, 0.995]))
def test_percent_never_rounds_onto_a_bound(bad: int, valid: int, target: float) -> None:
    ratio = max(0, valid - bad) / valid
    text = summary.percent(ratio, target)

    assert (text == "100 %") == (ratio == 1)
    assert (text == "0 %") == (ratio == 0)
    shown = float(text.removesuffix(" %")) / 100
    assert (shown >= target - 1e-12) == (ratio >= target - 1e-12)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.00084, "840 µs"), (0.021, "21 ms"), (0.9996, "1.00 s"), (1.24, "1.24 s"), (48.3, "48.3 s"),
     (200, "3 min 20 s"), (None, "no answer"), (float("inf"), "no answer")],
)  # fmt: skip
def test_seconds(value: float | None, text: str) -> None:
    assert summary.seconds(value) == text


def test_sentence_of_an_objective() -> None:
    objective = ObjectiveResult("a", "A", "", 0.99, 1182, 1204, 1182 / 1204, 0.973, 0.989, Verdict.FAIL)

    assert summary.sentence(objective) == (
        "98.2 % of 1,204 events good; promised 99 %; between 97.3 % and 98.9 % with 95 % confidence over the whole exam"
    )


def test_sentence_counts_one_event_as_one() -> None:
    objective = ObjectiveResult("a", "A", "", 0.99, 1, 1, 1.0, 0.05, 1.0, Verdict.UNDECIDED)

    assert "of 1 event good" in summary.sentence(objective)


def test_sentence_without_events() -> None:
    objective = ObjectiveResult("a", "A", "", 0.99, 0, 0, None, 0.0, 1.0, Verdict.UNDECIDED)

    assert summary.sentence(objective) == "Nothing was measured, no event counted; promised 99 %"


def test_headlines(failed: Result, passed: Result, invalid: Result) -> None:
    broken = replace(passed, verdict=Verdict.FAIL)
    whole = replace(failed, trials=tuple(replace(trial, stopped_early=False) for trial in failed.trials))

    assert summary.headline(whole) == "Your system missed 1 of 3 objectives and left 1 undecided."
    assert summary.headline(passed) == "Your system kept all 3 objectives."
    assert summary.headline(invalid).startswith(
        "This run proves nothing about your code, because the load generator sent 12.4 % of its requests late"
    )
    assert summary.headline(broken) == "Your system did not hold up, whatever its objectives say."


def test_a_fail_says_why_others_are_undecided_and_what_to_do(failed: Result) -> None:
    busy = Reason("machine-busy", "work took 9 times as long", "slow.0")
    late = Reason("load-late", "half of it", "slow.0")
    spoilt = replace(failed.trials[0], verdict=Verdict.INVALID, reasons=(late, busy))
    others = tuple(replace(trial, stopped_early=False) for trial in failed.trials[1:])
    run = replace(failed, trials=(spoilt, *others))

    assert summary.headline(run).endswith(
        "and left 1 undecided, because the machine was too busy: work took 9 times as long."
    )
    assert summary.in_the_way(run) == [busy, late]
    assert summary.in_the_way(failed) == summary.in_the_way(replace(run, verdict=Verdict.PASS)) == []


def test_an_invalid_run_says_cause_and_remedy_once_and_what_was_not_measured(invalid: Result) -> None:
    busy = Reason("machine-busy", "work took 9 times as long", "slow.0")
    unseen = replace(invalid.objectives[0], good=0, valid=0, estimate=None, verdict=Verdict.UNDECIDED)
    run = replace(invalid, reasons=(busy,), objectives=(unseen,))

    assert summary.headline(run) == (
        "This run proves nothing about your code, because the machine was too busy: work took 9 times as long."
    )
    assert summary.advice(run) == f"It does not count as a fail. {summary.remedy(busy)}"
    assert summary.told(run) == [busy] and summary.verdict_word(unseen, run) == "not measured"


@pytest.mark.parametrize(("of", "most", "text"), [(180, 2, "at most 2 of 180"), (9, None, "too few"), (0, None, "")])
def test_how_many_may_be_bad_of_how_many(failed: Result, of: int, most: int | None, text: str) -> None:
    assert summary.may_be_bad(replace(failed.objectives[0], of=of, most_bad=most)) == text


def test_a_headline_says_what_was_not_handed_in(passed: Result) -> None:
    said = [summary.headline(replace(passed, put_back=names)) for names in (("a.py",), tuple("abcd"))]

    assert said[0].endswith("objectives. 1 file was as shipped, not handed in: a.py.")
    assert said[1].endswith("objectives. 4 files were as shipped, not handed in: a, b, c and 1 more.")


def test_headlines_of_an_exam_that_stopped(failed: Result) -> None:
    undecided = tuple(replace(objective, verdict=Verdict.UNDECIDED) for objective in failed.objectives)
    no_start = replace(failed, objectives=undecided, reasons=(Reason("not-started", "SyntaxError"),))

    assert (
        summary.headline(failed)
        == "Your system missed 1 of 3 objectives; the exam stopped there, before 1 other was judged."
    )
    assert summary.headline(no_start) == "Your system did not start."


def test_what_the_exam_did_not_come_to_is_not_called_undecided(failed: Result) -> None:
    whole = replace(failed, trials=tuple(replace(trial, stopped_early=False) for trial in failed.trials))
    missed, undecided, kept = failed.objectives
    unseen = replace(undecided, good=0, valid=0, estimate=None)

    assert [summary.verdict_word(o, failed) for o in failed.objectives] == ["missed", "not judged", "kept"]
    assert [summary.verdict_word(o, whole) for o in whole.objectives] == ["missed", "undecided", "kept"]
    assert [summary.measured(unseen, run) for run in (failed, whole)] == ["not reached", "nothing"]
    assert summary.sentence(undecided, failed).startswith("Not judged, the exam stopped before. 97.8 % of 4,900")
    assert summary.sentence(missed, failed) == summary.sentence(missed)


def test_nothing_of_a_system_that_does_not_start_is_judged(failed: Result) -> None:
    unseen = [replace(o, verdict=Verdict.UNDECIDED, good=0, valid=0, estimate=None) for o in failed.objectives]
    trials = tuple(replace(trial, stopped_early=False) for trial in failed.trials)
    no_start = replace(failed, objectives=tuple(unseen), trials=trials, reasons=(Reason("not-started", "x"),))

    assert {summary.verdict_word(o, no_start) for o in unseen} == {"not judged"}
    assert {summary.measured(o, no_start) for o in unseen} == {"not reached"}


@pytest.mark.parametrize(
    ("good", "valid", "text"),
    [(1182, 1204, "22 of 1,204 events"), (240, 240, "none of 240 events"), (0, 1, "1 of 1 event"), (0, 0, "no event")],
)
def test_bad_events_have_a_unit(failed: Result, good: int, valid: int, text: str) -> None:
    assert summary.bad_events(replace(failed.objectives[0], good=good, valid=valid)) == text


def test_reasons_name_trials_by_title(failed: Result) -> None:
    reason = Reason("x", "slow.1 was late, slow.10 is another", "slow.0")

    assert summary.reason_text(reason, failed) == (
        "Rollout on a Monday, sample 1: Rollout on a Monday, sample 2 was late, slow.10 is another"
    )


def test_the_end_of_a_log_keeps_its_lines(failed: Result) -> None:
    reason = Reason("not-started", "it exited:\n  File main.py\r\nSyntaxError\x1b[1m")

    assert summary.reason_text(reason, failed) == "it exited:\n  File main.py\nSyntaxError"


def test_a_system_that_does_not_start_is_not_called_too_near_the_bound(failed: Result) -> None:
    undecided = tuple(replace(objective, verdict=Verdict.UNDECIDED) for objective in failed.objectives)
    no_start = replace(failed, objectives=undecided, reasons=(Reason("not-started", "SyntaxError"),))

    assert summary.advice(no_start) == "The reasons say what happened and in which trial."


def test_a_run_that_lacks_nothing_but_a_margin_is_too_close(close: Result, invalid: Result, failed: Result) -> None:
    both = replace(close, reasons=(*close.reasons, *invalid.reasons))

    assert summary.too_close(close)
    assert not any(map(summary.too_close, (both, invalid, failed, replace(invalid, reasons=()))))
    assert summary.counting(close) and not summary.counting(both)
    assert [o.title for o in summary.to_look_at(close)] == ["Right answers"] and summary.to_look_at(both) == []


def test_the_next_command_is_as_the_user_calls_it(passed: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    invocation.name.cache_clear()
    monkeypatch.setenv(invocation.CALLED, "./lab")
    assert summary.next_command(passed) == f"./lab debrief {passed.lab}"
    invocation.name.cache_clear()


def test_trials_without_a_title_are_numbered() -> None:
    trials = [TrialResult(f"leak.{n}", "", 1, Verdict.PASS, (), 0, False, 0.0, 1.2, 1.5) for n in range(2)]

    assert list(summary.trial_titles(trials).values()) == ["Trial 1", "Trial 2"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x07", "link"),
        ("\x9b31mred", "red"),
        ("a\x00b\rc\td", "a[U+0000]b[U+000D]c    d"),
        ("gnp\u202eexe\u200b", "gnp[U+202E]exe[U+200B]"),
        ("größe 東京", "größe 東京"),
        ("a\u3164 \u2800b\ufe0f\u00a0", "a[U+3164] [U+2800]b[U+FE0F][U+00A0]"),
        ("::set-env", ": :set-env"),
        ("std::vec ::stop", "std::vec : :stop"),
        ("##vso[task] ##[group] ## heading", "## vso[task] ## [group] ## heading"),
        ("e" + "\u0301" * 50, "e" + "\u0301" * 3),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_visible_cuts_and_says_so() -> None:
    assert visible("x" * 1_000_000, 10) == "xxxxxxxxxx… (999,990 more characters)"


@given(st.text())
def test_visible_leaves_nothing_to_obey(text: str) -> None:
    shown = visible(text)

    assert "\x1b" not in shown and "\n" not in shown and "\u202e" not in shown
    assert len(shown) < 240 * 10 + 40


def test_what_changed_since_the_last_run_is_told(failed: Result, passed: Result, invalid: Result) -> None:
    missed, undecided, kept = failed.objectives
    before = replace(failed, objectives=(replace(missed, verdict=Verdict.PASS), undecided, kept))
    other = replace(failed, objectives=failed.objectives[:2])

    assert summary.since(failed, failed) == "1 of 3 objectives kept, as many as last time."
    assert summary.since(passed, failed) == (
        "3 of 3 objectives kept, 2 more than last time. Kept now: Answers in time; Right answers."
    )
    assert summary.since(failed, before) == (
        "1 of 3 objectives kept, 1 fewer than last time. No longer kept: Answers in time."
    )
    assert {summary.since(failed, one) for one in (None, invalid, other)} == {""}
