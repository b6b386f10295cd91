from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from grader.errors import BadInput, BadRun
from grader.judge.evidence import REASONS
from grader.judge.record import Failure, TrialRecord, load_record
from grader.judge.run import judge_run
from grader.result import Result, Verdict
from tests.grader.judge.synthetic import SCENARIO, SLOS, good_rows, probe, request, slo, tick, trial, write_run

CALM, STORM = trial("calm"), trial("storm")
ROWS = good_rows(CALM, STORM)
PROMPT = """
probes: [{name: part, url: "http://part:1/", every_s: 0.1, check: alive}]
evidence: {prompt: [{probe: part, within_s: 0.2}]}
"""


def changed(rows: list[dict[str, Any]], share: float, phase: str = "after", **change: Any) -> list[dict[str, Any]]:
    """Every 1/share-th request of the storm's phase changed."""
    every = round(1 / share)
    hit = [r["id"] for r in rows if r["trial"] == "storm.0" and r["kind"] == "request" and r["phase"] == phase][::every]
    return [{**row, **change} if row["id"] in hit else row for row in rows]


def codes(result: Result) -> set[str]:
    return {reason.code for reason in result.reasons}


def test_a_good_run_passes(tmp_path: Path) -> None:
    result = judge_run(write_run(tmp_path / "run", ROWS))

    assert result.verdict is Verdict.PASS
    assert result.reasons == ()
    assert [(o.id, o.good, o.valid) for o in result.objectives] == [("answered", 1000, 1000), ("fast", 400, 400)]


def test_missing_an_objective_fails_with_the_figures(tmp_path: Path) -> None:
    rows = changed(ROWS, 0.25, done=None)

    result = judge_run(write_run(tmp_path / "run", rows))

    assert result.verdict is Verdict.FAIL
    assert codes(result) == {"objective-missed"}
    assert "300 of 400" in result.reasons[0].message


def test_what_lies_outside_the_window_does_not_count(tmp_path: Path) -> None:
    result = judge_run(write_run(tmp_path / "run", changed(ROWS, 0.5, phase="before", done=9.0)))

    assert result.verdict is Verdict.PASS


def test_too_close_to_tell_is_invalid_not_fail(tmp_path: Path) -> None:
    result = judge_run(write_run(tmp_path / "run", changed(ROWS, 0.1, done=None)))

    assert result.verdict is Verdict.INVALID
    assert codes(result) == {"undecided"}


@pytest.mark.parametrize(("every", "verdict"), [(1 / 11, Verdict.PASS), (1 / 9, Verdict.FAIL)])
def test_a_close_call_is_decided_by_what_was_measured(tmp_path: Path, every: float, verdict: Verdict) -> None:
    run = write_run(tmp_path / "run", changed(ROWS, every, done=None))
    record = load_record(run)
    record.model_copy(update={"close": "decide"}).save(run)

    result = judge_run(run)

    assert (result.verdict, result.close, codes(result)) == (verdict, True, {"close"})
    assert "of 400 good, 90 % promised" in result.reasons[0].message
    assert [o.close for o in result.objectives] == [False, True]


@pytest.mark.parametrize("change", [{"error": "cut", "done": None, "answer": "none"}, {"sent": None, "done": None}])
def test_a_run_that_is_not_sound_is_never_a_close_call(tmp_path: Path, change: dict[str, Any]) -> None:
    run = write_run(
        tmp_path / "run", changed(ROWS, 0.5, error="cut", **{k: v for k, v in change.items() if k != "error"})
    )
    load_record(run).model_copy(update={"close": "decide"}).save(run)

    assert judge_run(run).verdict is Verdict.INVALID


def test_no_events_at_all_is_invalid(tmp_path: Path) -> None:
    result = judge_run(write_run(tmp_path / "run", []))

    assert result.verdict is Verdict.INVALID


def test_a_null_outcome_is_bad(tmp_path: Path) -> None:
    result = judge_run(write_run(tmp_path / "run", changed(ROWS, 0.5, status=None)))

    assert result.verdict is Verdict.FAIL


def test_cut_requests_are_neither_good_nor_bad(tmp_path: Path) -> None:
    result = judge_run(write_run(tmp_path / "run", changed(ROWS, 0.5, error="cut", done=None, answer="none")))

    assert result.verdict is Verdict.INVALID
    assert codes(result) == {"undecided"}


def test_a_request_that_was_cut_before_it_was_sent_is_one_less(tmp_path: Path) -> None:
    result = judge_run(write_run(tmp_path / "run", changed(ROWS, 0.5, error="cut", sent=None, done=None)))

    assert result.verdict is Verdict.INVALID
    assert codes(result) == {"load-short"}


def test_a_system_that_lets_users_wait_past_the_end_fails_by_what_was_answered(tmp_path: Path) -> None:
    unanswered = changed(ROWS, 1, done=None, answer="none", error="timeout")
    rows = changed(unanswered, 0.5, error="cut")

    result = judge_run(write_run(tmp_path / "run", rows))

    assert result.verdict is Verdict.FAIL
    assert codes(result) == {"objective-missed"}


@pytest.mark.parametrize("ended_s", [10.0, 9.5])
def test_what_was_on_its_way_when_a_decided_exam_ended_was_sent(tmp_path: Path, ended_s: float) -> None:
    unanswered = {"status": 0, "done": None, "answer": "none"}
    rows = [
        {**row, **unanswered, "error": "cut" if row["due"] > ended_s - 2 else "timeout"}
        if row["kind"] == "request"
        else row
        for row in ROWS
        if row["due"] < ended_s
    ]

    result = judge_run(write_run(tmp_path / "run", rows, tuple(trial(k, ended_s=ended_s) for k in ("calm", "storm"))))

    assert result.verdict is Verdict.FAIL
    assert codes(result) == {"objective-missed"}


@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ("load-late", changed(ROWS, 0.2, sent=9.9)),
        ("load-short", [r for r in ROWS if not (r["trial"] == "storm.0" and r["due"] > 9)]),
        ("machine-busy", [tick("storm.0", 1, 0.4) if r["id"].startswith("tick-storm") else r for r in ROWS]),
        ("machine-busy", [{**r, "value": 5.5} if r["id"].startswith("tick-storm") else r for r in ROWS]),
        ("miscounted", [*ROWS, request("storm.0", 3)]),
    ],
)
def test_a_trial_without_evidence_makes_the_run_invalid(tmp_path: Path, code: str, rows: list[dict[str, Any]]) -> None:
    result = judge_run(write_run(tmp_path / "run", rows))

    assert result.verdict is Verdict.INVALID
    assert code in codes(result)
    assert result.trials[1].verdict is Verdict.INVALID


@pytest.mark.parametrize(("late", "verdict"), [(10, Verdict.PASS), (11, Verdict.INVALID)])
def test_a_sealed_part_that_does_not_answer_at_once_makes_the_run_invalid(
    tmp_path: Path, late: int, verdict: Verdict
) -> None:
    probes = [probe("storm.0", n / 10, latency=0.3 if n < late else 0.01) for n in range(100)]
    probes += [probe("calm.0", 1.0, latency=0.01)]

    result = judge_run(write_run(tmp_path / "run", [*ROWS, *probes], scenario=SCENARIO + PROMPT))

    assert result.verdict is verdict
    assert ("machine-busy" in codes(result)) is (late > 10)


def test_what_was_seen_and_does_not_count_is_not_awaited(tmp_path: Path) -> None:
    slos = slo("answered", "answer = 'right'", 0.95, total="status = 200") + "---" + slo("fast", "true", 0.9)
    rows = changed(ROWS, 0.5, status=429, answer="none")

    result = judge_run(write_run(tmp_path / "run", rows, slos=slos))

    assert result.verdict is Verdict.PASS
    assert (result.objectives[0].good, result.objectives[0].valid) == (800, 800)


def test_the_machines_failure_is_never_the_candidates(tmp_path: Path) -> None:
    broken = trial("storm", Failure(code="fault-unseen", message="it did not act", blame="machine"))
    rows = changed(ROWS, 1.0, status=500)

    result = judge_run(write_run(tmp_path / "run", rows, (CALM, broken)))

    assert result.verdict is Verdict.INVALID
    assert "fault-unseen" in codes(result)


def test_a_later_try_makes_up_for_an_invalid_one(tmp_path: Path) -> None:
    broken = trial("storm", Failure(code="platform", message="gone", blame="machine"), ended_s=0.0)
    again = trial("storm", sample=1, attempt=2)

    result = judge_run(write_run(tmp_path / "run", good_rows(CALM, again), (CALM, broken, again)))

    assert result.verdict is Verdict.PASS
    assert [t.verdict for t in result.trials] == [Verdict.PASS, Verdict.INVALID, Verdict.PASS]


ENDED = Failure(code="sealed-ended", message="service vault had ended by itself", blame="machine")


def test_a_sealed_service_that_ends_once_is_made_up_for_by_a_later_try(tmp_path: Path) -> None:
    calm, storm = trial("calm", ENDED), trial("storm", ENDED)  # side by side: one trouble of the machine
    again = [trial(kind, sample=1, attempt=2) for kind in ("calm", "storm")]

    assert judge_run(write_run(tmp_path / "run", good_rows(*again), (calm, storm, *again))).verdict is Verdict.PASS


def test_sealed_services_that_end_in_a_further_try_too_are_suspect_whatever_passes(tmp_path: Path) -> None:
    tries = [trial("storm", ENDED), trial("storm", ENDED, sample=1, attempt=2), trial("storm", sample=2, attempt=3)]

    result = judge_run(write_run(tmp_path / "run", good_rows(CALM, tries[-1]), (CALM, *tries)))

    assert result.verdict is Verdict.INVALID
    assert [reason.code for reason in result.reasons] == ["suspect", "sealed-ended", "sealed-ended"]


BUSY = Failure(code="machine-busy", message="work took 9 times as long", blame="machine")
LATE = Failure(code="load-late", message="half of all requests left late", blame="machine")


def compared(tmp_path: Path, tries: tuple[TrialRecord, ...], *controls: TrialRecord) -> list[str]:
    """Codes of a run whose trial `calm` counts."""
    trials = (CALM, *tries, *controls)
    found = judge_run(write_run(tmp_path / "run", good_rows(*trials), trials))
    assert found.verdict is Verdict.INVALID
    return [reason.code for reason in found.reasons]


def stood_in(*failures: Failure, **changes: Any) -> TrialRecord:
    return trial("storm", *failures, sample=3, attempt=4).model_copy(update={"control": "shipped", **changes})


def test_who_makes_the_machine_busy_in_every_try_is_suspect(tmp_path: Path) -> None:
    tries = (trial("storm", BUSY), trial("storm", LATE, sample=1, attempt=2))

    assert compared(tmp_path / "quiet", tries, stood_in()) == ["suspect", "machine-busy", "load-late"]
    assert compared(tmp_path / "busy", tries, stood_in(BUSY)) == ["machine-busy", "load-late"]
    assert compared(tmp_path / "running", tries, stood_in(duration_s=0.0)) == ["machine-busy", "load-late"]
    assert compared(tmp_path / "no control", tries) == ["machine-busy", "load-late"]
    assert compared(tmp_path / "one try", tries[:1], stood_in()) == ["machine-busy"]
    other = trial("storm", Failure(code="platform", message="gone", blame="machine"), sample=1, attempt=2)
    assert compared(tmp_path / "other trouble", (tries[0], other), stood_in()) == ["machine-busy", "platform"]


def test_a_control_judges_no_objective(tmp_path: Path) -> None:
    again = trial("storm", sample=1, attempt=2)
    rows = [{**row, "status": 500} if row["trial"] == "storm.3" else row for row in good_rows(CALM, again, stood_in())]

    found = judge_run(write_run(tmp_path / "run", rows, (CALM, trial("storm", BUSY), again, stood_in())))

    assert found.verdict is Verdict.PASS
    assert [one.valid for one in found.objectives] == [1000, 400]
    assert [one.control for one in found.trials] == ["", "", "", "shipped"]


def test_the_machine_is_named_before_what_follows_from_it(tmp_path: Path) -> None:
    gone = Failure(code="platform", message="gone", blame="machine")
    trials = (trial("calm", gone), trial("storm", LATE, BUSY))
    result = judge_run(write_run(tmp_path / "run", good_rows(*trials), trials))

    assert [reason.code for reason in result.reasons] == ["machine-busy", "platform", "load-late"]


def test_a_service_that_will_not_start_fails_even_beside_a_broken_trial(tmp_path: Path) -> None:
    fails = trial("calm", Failure(code="not-started", message="SyntaxError", blame="submission"), ended_s=0.0)
    broken = trial("storm", Failure(code="platform", message="gone", blame="machine"), ended_s=0.0)

    result = judge_run(write_run(tmp_path / "run", [], (fails, broken)))

    assert result.verdict is Verdict.FAIL
    assert "SyntaxError" in result.reasons[0].message


def test_a_note_alone_changes_nothing(tmp_path: Path) -> None:
    noted = trial("storm", Failure(code="service-ended", message="it ended", blame="note"))

    assert judge_run(write_run(tmp_path / "run", ROWS, (CALM, noted))).verdict is Verdict.PASS


def test_a_run_stopped_early_fails_on_what_it_saw(tmp_path: Path) -> None:
    short = trial("storm", ended_s=6.0)
    rows = [r for r in changed(ROWS, 1.0, done=None) if r["trial"] == "calm.0" or r["due"] <= 6]

    result = judge_run(write_run(tmp_path / "run", rows, (CALM, short)))

    assert result.verdict is Verdict.FAIL
    assert result.trials[1].stopped_early


def test_a_run_stopped_early_does_not_pass(tmp_path: Path) -> None:
    short = trial("storm", ended_s=6.0)
    rows = [r for r in ROWS if r["trial"] == "calm.0" or r["due"] <= 6]

    assert judge_run(write_run(tmp_path / "run", rows, (CALM, short))).verdict is Verdict.INVALID


def test_the_order_of_events_does_not_matter(tmp_path: Path) -> None:
    rows = changed(ROWS, 0.25, done=None)
    shuffled = random.Random(1).sample(rows, len(rows))

    first = judge_run(write_run(tmp_path / "a", rows))
    second = judge_run(write_run(tmp_path / "b", shuffled))

    assert first == second


def test_judging_again_writes_the_same_bytes(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", changed(ROWS, 0.25, done=None))

    judge_run(run)
    first = (run / "result.json").read_bytes()
    judge_run(run)

    assert (run / "result.json").read_bytes() == first


def test_judging_by_another_objective(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", changed(ROWS, 0.25, done=None))
    other = tmp_path / "slo.yaml"
    other.write_text(SLOS.replace("target: 0.9}", "target: 0.5}"))

    assert judge_run(run).verdict is Verdict.FAIL
    assert judge_run(run, other).verdict is Verdict.PASS


@pytest.mark.parametrize("name", ["run.json", "events.parquet", "plan.parquet"])
@pytest.mark.parametrize("harm", ["missing", "truncated", "garbage"])
def test_what_is_not_whole_is_refused(tmp_path: Path, name: str, harm: str) -> None:
    run = write_run(tmp_path / "run", ROWS)
    path = run / name
    content = path.read_bytes()
    path.unlink()
    if harm != "missing":
        path.write_bytes(content[: len(content) // 2] if harm == "truncated" else b"\x00\xff" * 500)

    with pytest.raises(BadRun, match=name):
        judge_run(run)


def test_a_page_in_the_middle_of_a_parquet_file_that_is_overwritten_is_refused(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", ROWS)
    path = run / "events.parquet"
    content = bytearray(path.read_bytes())
    content[100:1100] = b"\xff" * 1000
    path.write_bytes(content)

    with pytest.raises(BadRun, match=r"events\.parquet"):
        judge_run(run)


@pytest.mark.parametrize(
    ("scenario", "slos", "what"),
    [
        (SCENARIO, slo("answered", "status = 200", 0.9), "fast"),
        (SCENARIO + "surprise: 1\n", SLOS, "surprise"),
        (SCENARIO.replace("[storm], phases: [after]", "[storm], phases: [later]"), SLOS, "later"),
        (SCENARIO, slo("answered", "status ==== 200", 0.9) + "---" + slo("fast", "true", 0.9), "slo.yaml"),
    ],
)
def test_rules_that_make_no_sense_are_named(tmp_path: Path, scenario: str, slos: str, what: str) -> None:
    run = write_run(tmp_path / "run", ROWS, scenario=scenario, slos=slos)

    with pytest.raises(BadInput, match=what):
        judge_run(run)


def test_a_sealed_part_that_no_probe_asks_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="evidence.prompt: no probe 'other'"):
        judge_run(write_run(tmp_path / "run", ROWS, scenario=SCENARIO + PROMPT.replace("probe: part", "probe: other")))


def test_a_sealed_part_that_has_to_be_prompt_in_no_phase_that_there_is_is_named(tmp_path: Path) -> None:
    later = PROMPT.replace("within_s: 0.2", "within_s: 0.2, phases: [after, later]")
    with pytest.raises(BadInput, match="evidence.prompt.part.phases: no trial has a phase 'later'"):
        judge_run(write_run(tmp_path / "run", ROWS, scenario=SCENARIO + later))


def test_a_probe_of_a_phase_that_there_is_not_is_named(tmp_path: Path) -> None:
    later = PROMPT.replace("check: alive}", "check: alive, phases: [after, later]}")
    with pytest.raises(BadInput, match="probes.part.phases: no trial has a phase 'later'"):
        judge_run(write_run(tmp_path / "run", ROWS, scenario=SCENARIO + later))


def test_every_reason_has_advice() -> None:
    assert all(advice.strip().endswith((".", "`.")) for advice in REASONS.values())


def test_the_result_is_plain_json(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", ROWS)

    judge_run(run)

    written = json.loads((run / "result.json").read_text())
    assert written["verdict"] == "pass"
    top = {"lab", "verdict", "reasons", "objectives", "trials", "seed", "runtime", "duration_s", "versions"}
    assert set(written) == top | {"schema", "put_back", "reader", "close"}
