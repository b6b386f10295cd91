"""Every figure and every word of a result, once: what other tests leave open because they look at verdicts only."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scipy import integrate, optimize

from grader import events
from grader.course.observers import EvidenceSpec, PromptSpec
from grader.errors import BadInput, BadRun
from grader.judge.decide import Counts, Errors, decide, most_bad, objective_result
from grader.judge.evidence import Facts, gather, problems
from grader.judge.record import Failure, load_record
from grader.judge.run import check_objectives, judge_run, load_rules, write_result
from grader.judge.stats import highest, log_evidence_fail, log_evidence_pass, lowest
from grader.judge.verdict import Rules, count
from grader.result import Reason, Verdict
from tests.grader.judge.synthetic import SCENARIO, SLOS, good_rows, probe, request, slo, tick, trial, write_run

CALM, STORM = trial("calm"), trial("storm")
ROWS = good_rows(CALM, STORM)
ALONE = "as long as alone on the machine that the labs were measured on"
BOUNDS = EvidenceSpec(lateness_s=0.1, metronome_s=0.05, late_share=0.05, sent_share=0.99)
FULL = Facts(events=600, planned=500, seen=500, sent=500, late=0, ticks=100, slow_ticks=0, stretch=1.5)


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    return load_rules(write_run(tmp_path / "rules", []) / "scenario")


def ratio(bad: int, good: int, p0: float, low: float, high: float) -> float:
    """The evidence by numbers: likelihoods of ratios from `low` to `high`, averaged, against that of `p0`."""

    def relative(q: float) -> float:
        return math.exp(bad * math.log(q / p0) + good * math.log((1 - q) / (1 - p0)))

    peak = bad / (bad + good)
    points = [x for x in (peak,) if low < x < high]
    return integrate.quad(relative, low, high, points=points or None, epsabs=1e-13)[0] / (high - low)


def test_an_objective_is_judged_with_all_its_figures(rules: Rules) -> None:
    errors = Errors.of_exam(0.05, 7)

    found = objective_result(rules.slos["fast"], Counts(good=577, valid=600, remaining=30), errors)

    highest_bad = optimize.brentq(lambda p: ratio(23, 577, p, 1e-12, p) - 20, 23 / 600, 0.2)
    lowest_bad = optimize.brentq(lambda p: ratio(23, 577, p, p, 1 - 1e-12) - 140, 0.005, 23 / 600)
    assert (found.id, found.title, found.description) == ("fast", "fast title", "Users are served.")
    assert (found.target, found.good, found.valid, found.estimate) == (0.9, 577, 600, 0.961667)
    assert found.low == pytest.approx(1 - highest_bad, abs=2e-6)
    assert found.high == pytest.approx(1 - lowest_bad, abs=2e-6)
    assert (found.low, found.high) == (round(found.low, 6), round(found.high, 6))
    assert found.verdict is Verdict.UNDECIDED  # 53 bad would not pass any more


def test_errors_of_an_exam_are_shared_for_fails_only() -> None:
    assert Errors.of_exam(0.06, 3) == Errors(wrong_pass=0.06, wrong_fail=0.02)


@pytest.mark.parametrize(("bad", "good"), [(0, 50), (7, 93), (300, 700)])
@pytest.mark.parametrize("alpha", [0.05, 0.001])
def test_the_interval_ends_where_the_evidence_reaches_the_bound(bad: int, good: int, alpha: float) -> None:
    bound = -math.log(alpha)
    high = highest(bad, good, alpha)

    assert log_evidence_pass(bad, good, high) >= bound > log_evidence_pass(bad, good, high - 3e-6)
    if bad:
        low = lowest(bad, good, alpha)
        assert log_evidence_fail(bad, good, low) >= bound > log_evidence_fail(bad, good, low + 3e-6)


def test_events_of_one_sort_leave_one_end_open() -> None:
    assert (lowest(0, 50, 0.05), highest(50, 0, 0.05)) == (0.0, 1.0)
    assert 0 < lowest(1, 0, 0.05) < 1 and 0 < lowest(1, 50, 0.05) < 1 / 51 < highest(1, 50, 0.05) < 1
    assert highest(50, 1, 0.05) < 1


def test_evidence_beyond_the_digits_of_the_beta_function_is_none() -> None:
    assert log_evidence_pass(3000, 0, 0.01) == -math.inf
    assert log_evidence_fail(0, 30000, 0.5) == -math.inf


def test_the_first_counts_that_decide() -> None:
    """By numbers: the least run of good events that passes and of bad ones that fails, and one less does not."""
    errors = Errors(wrong_pass=0.05, wrong_fail=0.01)
    passes = next(n for n in range(1000) if ratio_all_good(n, 0.05) >= 20)
    fails = next(n for n in range(1000) if ratio_all_bad(n, 0.05) >= 100)

    assert decide(Counts(passes, passes, 0), 0.95, errors) is Verdict.PASS
    assert decide(Counts(passes - 1, passes - 1, 0), 0.95, errors) is Verdict.UNDECIDED
    assert decide(Counts(0, fails, 0), 0.95, errors) is Verdict.FAIL
    assert decide(Counts(0, fails - 1, 0), 0.95, errors) is Verdict.UNDECIDED
    assert decide(Counts(passes, passes, 1), 0.95, errors) is Verdict.UNDECIDED
    assert decide(Counts(0, fails, 2), 0.95, errors) is Verdict.UNDECIDED


def ratio_all_good(n: int, p0: float) -> float:
    return (1 - (1 - p0) ** (n + 1)) / ((n + 1) * p0 * (1 - p0) ** n)


def ratio_all_bad(n: int, p0: float) -> float:
    return float((1 - p0 ** (n + 1)) / ((n + 1) * (1 - p0) * p0**n))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"seen": 501}, ("miscounted", "501 requests were recorded and 500 scheduled")),
        ({"sent": 494}, ("load-short", "494 of 500 scheduled requests were sent")),
        ({"late": 26}, ("load-late", "5 % of requests left more than 100 ms late")),
        ({"slow_ticks": 6}, ("machine-busy", "6 % of the metronome's echoes took over 50 ms")),
        ({"stretch": 4.5}, ("machine-busy", f"work took 4.5 times {ALONE}; here it may take 4.0")),
        ({"burst": 8.5}, ("machine-busy", f"for 2 s work took 8.5 times {ALONE}; here it may take 8.0")),
        ({"pace": 4.2}, ("machine-slow", f"work took 6.3 times {ALONE}; on any it may take 6.0")),
    ],
)
def test_each_check_says_what_was_counted_and_holds_up_to_its_bound(
    changed: dict[str, Any], reason: tuple[str, str]
) -> None:
    field, value = next(iter(changed.items()))
    bounds = {
        "seen": 500, "sent": 495, "late": 25, "slow_ticks": 5, "stretch": 4.0, "burst": 8.0, "pace": 4.0,
    }  # fmt: skip
    at_the_bound = {field: bounds[field]}
    of = {**vars(FULL), **changed}

    assert problems(STORM, Facts(**of), BOUNDS) == [Reason(*reason, "storm.0")]
    assert problems(STORM, Facts(**{**of, **at_the_bound}), BOUNDS) == []


def test_waiting_and_slow_cores_are_told_in_one_measure() -> None:
    """The one that a result has: 4.5 times as long as alone here, on cores of half the pace."""
    facts = replace(FULL, stretch=4.5, burst=9.0, pace=2.0)

    assert (facts.slowdown, facts.busiest) == (9.0, 18.0)
    assert [reason.message for reason in problems(STORM, facts, BOUNDS)] == [
        f"work took 9.0 times {ALONE}; here it may take 8.0"
    ]
    assert [reason.message for reason in problems(STORM, replace(facts, stretch=2.9), BOUNDS)] == [
        f"for 2 s work took 18.0 times {ALONE}; here it may take 16.0"
    ]


@pytest.mark.parametrize(("target", "total"), [(0.95, 180), (0.9, 60), (0.99, 1000), (0.6, 9), (0.5, 10)])
def test_how_many_may_be_bad_is_what_the_judge_passes_and_no_more(rules: Rules, target: float, total: int) -> None:
    errors = Errors.of_exam(0.05, 7)
    most = most_bad(total, target, errors)

    assert most is not None and 0 <= most < total
    assert decide(Counts(total - most, total, 0), target, errors) is Verdict.PASS
    assert decide(Counts(total - most - 1, total, 0), target, errors) is not Verdict.PASS
    found = objective_result(rules.slos["fast"], Counts(good=50, valid=50, remaining=50), errors)
    assert (found.of, found.most_bad) == (100, most_bad(100, 0.9, errors))


def test_too_few_events_pass_nothing_however_good() -> None:
    errors = Errors.of_exam(0.05, 7)

    assert [most_bad(total, 0.95, errors) for total in (0, 1, 10)] == [None] * 3


def test_nothing_seen_is_short_and_nothing_else() -> None:
    facts = Facts(planned=500)

    assert [reason.code for reason in problems(STORM, facts, BOUNDS)] == ["load-short"]
    assert problems(STORM, Facts(), BOUNDS) == []
    assert [r.code for r in problems(STORM, Facts(seen=1, sent=1, planned=1, late=1), BOUNDS)] == ["load-late"]
    assert [r.code for r in problems(STORM, Facts(ticks=1, slow_ticks=1), BOUNDS)] == ["machine-busy"]


def test_shares_and_bounds_are_told_to_the_per_cent_and_the_millisecond() -> None:
    bounds = EvidenceSpec(lateness_s=0.9, metronome_s=0.8, late_share=0.6, sent_share=0.0)

    told = problems(STORM, Facts(planned=500, seen=500, sent=500, late=325, ticks=100, slow_ticks=70), bounds)

    assert [reason.message for reason in told] == [
        "65 % of requests left more than 900 ms late",
        "70 % of the metronome's echoes took over 800 ms",
    ]
    assert [r.code for r in problems(STORM, Facts(planned=1, seen=1, late=1), bounds)] == ["load-late"]
    assert [r.code for r in problems(STORM, Facts(ticks=1, slow_ticks=1), bounds)] == ["machine-busy"]


def test_a_sealed_part_that_was_slow_is_told_with_its_share() -> None:
    part = PromptSpec(probe="part", within_s=0.9, share=0.6)
    bounds = BOUNDS.model_copy(update={"prompt": (part,)})
    slow = "the sealed part behind the probe part was slow: 65 % of its answers took over 900 ms"

    assert problems(STORM, replace(FULL, prompt=((200, 130),)), bounds) == [Reason("machine-busy", slow, "storm.0")]
    assert problems(STORM, replace(FULL, prompt=((200, 120),)), bounds) == []
    assert [r.code for r in problems(STORM, replace(FULL, prompt=((1, 1),)), bounds)] == ["machine-busy"]

    early = part.model_copy(update={"phases": ("before", "after")})
    told = problems(STORM, replace(FULL, prompt=((200, 130),)), BOUNDS.model_copy(update={"prompt": (early,)}))
    assert [reason.message for reason in told] == [slow.replace("slow:", "slow in before and after:")]


def test_a_sealed_part_that_never_answered_in_a_whole_trial_is_not_prompt() -> None:
    part, unheard = PromptSpec(probe="part", within_s=0.9), replace(FULL, prompt=((0, 0),))
    bounds = BOUNDS.model_copy(update={"prompt": (part,)})
    stopped = STORM.model_copy(update={"ended_s": STORM.planned_s / 2})
    phased = BOUNDS.model_copy(update={"prompt": (part.model_copy(update={"phases": ("before",)}),)})

    told = Reason("machine-busy", "the sealed part behind the probe part did not answer once", "storm.0")
    assert problems(STORM, unheard, bounds) == [told]
    assert problems(stopped, unheard, bounds) == problems(STORM, unheard, phased) == []


def test_a_sealed_part_that_was_never_asked_was_asked_no_times(tmp_path: Path) -> None:
    connection = events.recorded(
        write_run(tmp_path / "run", [*ROWS, probe("calm.0", 0.1, 0.3), probe("calm.0", 0.2, 0.01)])
    )
    bounds = BOUNDS.model_copy(update={"prompt": (PromptSpec(probe="part", within_s=0.2),)})

    facts = gather(connection, [CALM, STORM], bounds)

    assert (facts["calm.0"].prompt, facts["storm.0"].prompt) == (((2, 1),), ((0, 0),))

    connection.close()


def test_a_sealed_part_is_prompt_or_late_in_the_phases_in_which_it_has_to_be_prompt(tmp_path: Path) -> None:
    asked = [{**probe("calm.0", n / 10, 0.3 if n < 3 else 0.01), "phase": "before"} for n in range(5)]
    asked += [{**probe("calm.0", 8 + n / 10, 0.3 if n < 1 else 0.01), "phase": "after"} for n in range(4)]
    connection = events.recorded(write_run(tmp_path / "run", [*ROWS, *asked]))
    phased = [("before",), ("after",), ("before", "after"), ("between",), ()]
    prompt = tuple(PromptSpec(probe="part", within_s=0.2, phases=phases) for phases in phased)

    facts = gather(connection, [CALM], BOUNDS.model_copy(update={"prompt": prompt}))

    assert facts["calm.0"].prompt == ((5, 3), (4, 1), (9, 4), (0, 0), (9, 4))
    connection.close()


def test_a_trial_that_no_table_knows_has_no_facts(tmp_path: Path) -> None:
    connection = events.recorded(write_run(tmp_path / "run", ROWS))

    assert gather(connection, [trial("other")], BOUNDS) == {"other.0": Facts()}
    connection.close()


def test_a_trial_that_never_ran_has_only_its_failures() -> None:
    gone = Failure(code="platform", message="gone", blame="machine")
    noted = Failure(code="service-ended", message="ended", blame="note")

    assert problems(trial("storm", gone, noted, ended_s=0.0), Facts(planned=500), BOUNDS) == [
        Reason("platform", "gone", "storm.0")
    ]
    assert [r.code for r in problems(trial("storm", gone, ended_s=0.5), Facts(planned=500), BOUNDS)] == [
        "platform",
        "load-short",
    ]


@pytest.mark.parametrize(
    ("seconds", "busy", "burst"),
    [
        (2.0, range(60, 60), 1.5),
        (2.0, range(60, 68), 1.5),  # less than half of any two seconds
        (2.0, range(60, 74), 9.0),
        (2.0, range(0, 8), 1.5),
        (2.0, range(106, 120), 9.0),  # up to the end
        (1.0, range(60, 64), 1.5),  # less than half of any second
        (1.0, range(60, 68), 9.0),
    ],
)
def test_a_burst_of_other_work_is_told_wherever_it_lies(
    tmp_path: Path, seconds: float, busy: range, burst: float
) -> None:
    """Ticks come ten times a second for 12 s; the median of a whole trial does not move for a second or two."""
    ticks = [{**tick("storm.0", n), "due": n / 10, "value": 9.0 if n in busy else 1.5} for n in range(120)]
    connection = events.recorded(write_run(tmp_path / "run", ticks, (CALM, STORM)))

    facts = gather(connection, [CALM, STORM], EvidenceSpec(burst_s=seconds))

    assert (facts["storm.0"].stretch, facts["storm.0"].burst) == (1.5, burst)
    assert facts["calm.0"].burst == 0.0
    connection.close()


def test_slow_cores_are_told_by_the_pace_of_the_work(tmp_path: Path) -> None:
    """Ticks, and what each said: 1.5 times as long as alone, by cores on which a piece takes 1 to 4 times as long."""
    ticks = [{**tick("storm.0", n), "value": 1.5} for n in range(100)]
    paces = [{**tick("storm.0", n), "kind": "pace", "value": 1.0 + n % 4} for n in range(100)]
    run = tmp_path / "run"
    connection = events.recorded(write_run(run, ticks + paces, (CALM, STORM)))

    facts = gather(connection, [CALM, STORM], BOUNDS)["storm.0"]

    assert (facts.stretch, facts.pace, facts.slowdown, facts.ticks) == (1.5, 2.5, 3.75, 100)
    connection.close()


def test_a_burst_is_not_told_from_less_than_a_second() -> None:
    with pytest.raises(ValueError, match="burst_s"):
        EvidenceSpec(burst_s=0.9)


def test_facts_are_counted_one_by_one(tmp_path: Path) -> None:
    rows = [
        *(request("storm.0", n) for n in range(400)),
        request("storm.0", 400, error="cut"),
        request("storm.0", 401, error=None),
        request("storm.0", 402, sent=None),
        request("storm.0", 403, sent=403 / 50 + 0.3),
        request("storm.0", 404, error="cut", sent=99.0),
        *({**tick("storm.0", n), "value": 1.5} for n in range(50)),
        tick("storm.0", 50, 0.2),
        {**tick("storm.0", 51, 0.2), "error": "cut"},
    ]
    run = write_run(tmp_path / "run", rows, (CALM, STORM))
    connection = events.recorded(run)

    facts = gather(connection, [CALM, STORM], BOUNDS)
    early = gather(connection, [trial("storm", ended_s=5.5)], BOUNDS)["storm.0"]

    assert facts["storm.0"] == Facts(
        457, planned=500, seen=405, sent=404, late=2, ticks=51, slow_ticks=1, stretch=1.5, burst=1.5
    )
    assert facts["calm.0"] == Facts(0, planned=500)
    assert early == Facts(457, planned=201, seen=201, sent=201, late=0, ticks=51, slow_ticks=1, stretch=1.5, burst=1.5)
    assert gather(connection, [], BOUNDS) == {}
    connection.close()


def test_counts_are_of_the_usable_trials_the_phases_and_the_kind(tmp_path: Path, rules: Rules) -> None:
    rows = [*ROWS, {**request("storm.0", 300), "kind": "probe", "id": "p"}, {**request("other.0", 300)}]
    spoiled = [{**r, "done": None, "status": 500} if r["id"] in ("storm.0-10", "storm.0-310") else r for r in rows]
    missing = [r for r in spoiled if r["id"] not in ("calm.0-7", "storm.0-20", "storm.0-320")]
    run = write_run(tmp_path / "run", missing, (CALM, STORM))
    connection = events.recorded(run)

    assert count(connection, rules, [CALM, STORM]) == {"answered": Counts(995, 997, 3), "fast": Counts(398, 399, 1)}
    assert count(connection, rules, [STORM]) == {"answered": Counts(496, 498, 2), "fast": Counts(398, 399, 1)}
    assert count(connection, rules, []) == {"answered": Counts(0, 0, 0), "fast": Counts(0, 0, 0)}
    connection.close()


def test_a_result_in_full(tmp_path: Path) -> None:
    noted = Failure(code="service-ended", message="app ended", blame="note")
    storm = trial("storm", noted, attempt=2)
    slow = [r["id"] for r in ROWS if r["trial"] == "storm.0" and r["phase"] == "after" and r["kind"] == "request"]
    rows = [{**r, "done": None} if r["id"] in slow[::4] else r for r in ROWS]
    run = write_run(tmp_path / "run", rows, (CALM, storm))

    found = judge_run(run).to_json()

    fast = found["objectives"][1]
    at_best = 100 * fast["high"]
    missed = {
        "code": "objective-missed",
        "message": f"fast title: 300 of 400 good, promised 90 %, at best {at_best:.1f} %",
        "trial": "",
    }
    note = {"code": "service-ended", "message": "app ended", "trial": "storm.0"}
    noise = {"busiest": 0.0, "slowdown": 0.0, "control": ""}
    base = {"verdict": "pass", "events": 600, "stopped_early": False, "duration_s": 12.0, **noise}
    assert json.loads(json.dumps(found)) == json.loads((run / "result.json").read_text())
    assert list(found["reasons"]) == [missed, note]
    assert list(found["trials"]) == [
        {**base, "id": "calm.0", "title": "trial calm", "attempt": 1, "reasons": ()},
        {**base, "id": "storm.0", "title": "trial storm", "attempt": 2, "reasons": (note,)},
    ]
    assert {key: found[key] for key in ("schema", "lab", "verdict", "seed", "runtime", "duration_s", "versions")} == {
        "schema": "brownout/result/2", "lab": "toy", "verdict": "fail", "seed": 7, "runtime": "process",
        "duration_s": 12.0, "versions": {"brownout": "0"},
    }  # fmt: skip
    assert (run / "result.json").read_text() == json.dumps(found, indent=2) + "\n"


def test_a_trial_that_was_never_begun_proves_nothing_and_is_named(tmp_path: Path) -> None:
    scenario = SCENARIO.replace("trials: [calm, storm]}", "trials: [calm]}").replace(SCENARIO.splitlines()[-1], "")
    run = write_run(tmp_path / "run", good_rows(CALM), (CALM,), scenario, slo("answered", "status = 200", 0.95))

    found = judge_run(run)

    assert found.verdict is Verdict.INVALID
    assert found.reasons == (Reason("no-evidence", "trial storm was not run"),)


def test_how_busy_and_how_slow_the_machine_was_is_told_to_a_tenth(tmp_path: Path) -> None:
    worked = [{**row, "value": 1.26} if row["kind"] == "metronome" else row for row in ROWS]
    paces = [{**row, "kind": "pace"} for row in worked if row["kind"] == "metronome"]

    found = judge_run(write_run(tmp_path / "run", worked + paces, (CALM, STORM)))

    assert [(one.busiest, one.slowdown) for one in found.trials] == [(1.6, 1.6)] * 2


def test_reasons_of_the_undecided_and_of_the_unseen(tmp_path: Path) -> None:
    close = [r["id"] for r in ROWS if r["trial"] == "storm.0" and r["phase"] == "after" and r["kind"] == "request"]
    rows = [{**r, "done": None} if r["id"] in close[::10] else r for r in ROWS]
    none = slo("answered", "true", 0.95, total="status = 777") + "---" + slo("fast", "latency <= 0.25", 0.9)

    found = judge_run(write_run(tmp_path / "run", rows, slos=none))

    assert found.reasons == (
        Reason("no-evidence", "answered title: no event could be used"),
        Reason("undecided", "fast title: 360 of 400 good lies too close to the promised 90 % to tell"),
    )


def test_what_was_not_seen_when_the_trial_ended_is_told(tmp_path: Path) -> None:
    close = [r["id"] for r in ROWS if r["trial"] == "storm.0" and r["phase"] == "after" and r["kind"] == "request"]
    rows = [{**r, "done": None, "error": "cut"} if r["id"] in close[150:] else r for r in ROWS]

    both = slo("answered", "true", 0.5) + "---" + slo("fast", "latency <= 0.25", 0.9)

    found = judge_run(write_run(tmp_path / "run", rows, slos=both))

    told = "fast title: 150 of 150 good, and 250 never seen: too few to tell the promised 90 %"
    assert found.reasons == (Reason("undecided", told),)


def test_a_submission_that_breaks_a_trial_fails_with_that_reason_first(tmp_path: Path) -> None:
    ended = Failure(code="service-ended", message="app ended", blame="note")
    blamed = Failure(code="not-started", message="SyntaxError", blame="submission")
    machine = Failure(code="platform", message="gone", blame="machine")

    found = judge_run(write_run(tmp_path / "run", ROWS, (CALM, trial("storm", ended, blamed, machine))))

    told = [Reason("not-started", "SyntaxError", "storm.0"), Reason("platform", "gone", "storm.0")]
    noted = Reason("service-ended", "app ended", "storm.0")
    assert found.verdict is Verdict.FAIL
    assert found.trials[1].verdict is Verdict.FAIL
    assert found.trials[1].reasons == (*told, noted)
    assert found.reasons == (*told, noted, noted)


def test_invalid_trials_are_told_only_while_none_replaced_them(tmp_path: Path) -> None:
    broken = trial("storm", Failure(code="platform", message="gone", blame="machine"), ended_s=0.0)

    found = judge_run(write_run(tmp_path / "run", good_rows(CALM), (CALM, broken)))

    assert found.verdict is Verdict.INVALID
    assert found.reasons == (Reason("platform", "gone", "storm.0"),)  # that `fast` has no event says no more


def message(call: Any, *arguments: Any) -> str:
    with pytest.raises(BadInput) as raised:
        call(*arguments)
    return str(raised.value)


def test_what_is_wrong_with_a_run_is_said_in_words(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", ROWS)
    (run / "events.parquet").unlink()
    assert message(load_record, run) == f"{run / 'events.parquet'}: cannot be read: No such file or directory"
    (run / "events.parquet").write_bytes(b"x")
    assert message(load_record, run) == (
        f"{run / 'events.parquet'}: is not what was recorded (truncated, corrupt or changed)"
    )
    (run / "run.json").write_text("{" + "x\n" * 900)
    text = message(load_record, run)
    assert text.startswith(f"{run / 'run.json'}: is not a run record of this version: 1 validation error for RunRecord")
    assert "\n" not in text and len(text) == len(f"{run / 'run.json'}: is not a run record of this version: ") + 200
    (run / "run.json").unlink()
    assert message(load_record, run) == (
        f"{run / 'run.json'}: does not exist; {run} is not the folder of a finished run"
    )
    with pytest.raises(BadRun):
        load_record(run)


def test_a_run_record_is_written_as_people_read_it(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", [request("storm.0", 1)])
    text = (run / "run.json").read_text()

    assert text == json.dumps(json.loads(text), indent=1, sort_keys=True) + "\n"
    assert set(json.loads(text)["digests"]) == {"events.parquet", "plan.parquet"}


def test_rules_come_from_a_folder_that_has_them(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", [])
    folder = run / "scenario"
    one = tmp_path / "one.yaml"
    one.write_text(slo("answered", "true", 0.9))

    assert message(load_rules, tmp_path / "no") == (
        f"{tmp_path / 'no'}: does not exist; this is not the folder of a finished run"
    )
    assert message(load_rules, folder, one) == f"{one}: objective 'fast' must be in both slo.yaml and scenario.yaml"
    (folder / "slo.yaml").write_text(one.read_text())
    assert message(load_rules, folder).startswith(f"{folder / 'slo.yaml'}: objective 'fast'")
    (folder / "scenario.yaml").write_text(SCENARIO + "surprise: 1\n")
    assert message(load_rules, folder).startswith(f"{folder / 'scenario.yaml'}: surprise: ")


def test_sql_that_cannot_run_is_named_before_and_after(tmp_path: Path) -> None:
    odd = slo("answered", "no_such_column = 1", 0.95) + "---" + slo("fast", "true", 0.9)
    run = write_run(tmp_path / "run", ROWS, slos=odd)
    other = tmp_path / "odd.yaml"
    other.write_text(odd)
    good = write_run(tmp_path / "good", ROWS)

    before = message(check_objectives, load_rules(run / "scenario"), other)

    assert before.startswith(f"{other}: answered: Binder Error") and "\n" not in before
    assert message(judge_run, run).startswith(f"{run / 'scenario' / 'slo.yaml'}: Binder Error")
    assert message(judge_run, good, other).startswith(f"{other}: Binder Error")
    assert len(before) == len(f"{other}: answered: ") + 300 or before.endswith("^")
    check_objectives(load_rules(good / "scenario"), other)


LOADED = """
import sys
from pathlib import Path
from grader import events
from grader.judge.record import load_record
from grader.judge.run import check_objectives, load_maths, load_rules
from grader.judge.verdict import judge

run = Path(sys.argv[1])
rules, record = load_rules(run / "scenario"), load_record(run)
check_objectives(rules, run / "scenario" / "slo.yaml")
load_maths()
before = set(sys.modules)
print(judge(record, rules, events.recorded(run)).verdict.value, sorted(set(sys.modules) - before))
"""


def test_nothing_is_left_to_load_when_systems_are_under_load(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", ROWS)

    done = subprocess.run([sys.executable, "-c", LOADED, str(run)], capture_output=True, text=True, timeout=60)

    assert done.stdout.split() == [judge_run(run).verdict.value, "[]"], done.stderr


def test_a_result_goes_where_it_is_asked_for_and_over_results_only(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", ROWS)
    own, out, lenient = run / "result.json", tmp_path / "out.json", tmp_path / "lenient.yaml"
    lenient.write_text(SLOS.replace("target: 0.9}", "target: 0.5}"))

    judge_run(run, None, out)
    assert not own.exists() and json.loads(out.read_text())["verdict"] == "pass"
    judge_run(run, lenient)
    assert not own.exists()
    judge_run(run)
    whole = own.read_bytes()
    judge_run(run, lenient, out)
    assert json.loads(out.read_text())["objectives"][1]["target"] == 0.5
    assert message(judge_run, run, lenient, own) == (
        f"{own}: is the result by the run's own objectives; name another file with --out"
    )
    judge_run(run, None, own)
    assert own.read_bytes() == whole


@pytest.mark.parametrize("text", ["[]", "{}", "x", '{"schema": "brownout/run/1"}', "\x00"])
def test_a_file_that_is_no_result_is_never_written_over(tmp_path: Path, text: str) -> None:
    out = tmp_path / "out.json"
    out.write_text(text)

    said = message(judge_run, write_run(tmp_path / "run", ROWS), None, out)

    assert said == f"{out}: exists and is not a result; name another file with --out"
    assert out.read_text() == text


def test_a_result_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    path = tmp_path / "no" / "result.json"

    said = message(judge_run, write_run(tmp_path / "run", ROWS), None, path)

    assert said == f"{path}: cannot be written (No such file or directory); name another file with --out"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_not_bad_input(tmp_path: Path) -> None:
    result = judge_run(write_run(tmp_path / "run", ROWS))

    with pytest.raises(OSError, match="No space left"):
        write_result(Path("/dev/full"), result)
