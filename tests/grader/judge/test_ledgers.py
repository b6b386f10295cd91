"""Sealed services' counts against the generator's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader import events
from grader.errors import BadInput
from grader.judge.ledgers import disagreements
from grader.judge.run import check_objectives, judge_run, load_rules
from grader.judge.verdict import Rules
from grader.result import Result, Verdict
from tests.grader.judge.synthetic import SCENARIO, SLOS, good_rows, request, trial, write_run

CALM, STORM = trial("calm"), trial("storm")
LEDGERS = """
evidence:
  ledgers:
    - {name: model, url: "http://model:9000/ledger", count: answered, events: "status = 200"%s}
"""


def ledger(trial_id: str, value: float | None, name: str = "model") -> dict[str, Any]:
    outcomes = {"sent": None, "done": None, "status": None, "answer": None, "served_by": None}
    return request(trial_id, 0, kind="ledger", name=name, id=None, due=10.0, value=value, **outcomes)


def judged(folder: Path, *rows: dict[str, Any], trials: str = "") -> Result:
    run = write_run(folder / "run", [*good_rows(CALM, STORM), *rows], scenario=SCENARIO + LEDGERS % trials)
    return judge_run(run)


@pytest.mark.parametrize("counted", [500, 501, 900])
def test_a_ledger_that_holds_all_that_was_received_agrees(tmp_path: Path, counted: int) -> None:
    result = judged(tmp_path, ledger("calm.0", counted), ledger("storm.0", 500))

    assert result.verdict is Verdict.PASS


@pytest.mark.parametrize("counted", [499, 0, None])
def test_answers_that_the_service_knows_nothing_of_make_the_trial_invalid(
    tmp_path: Path, counted: float | None
) -> None:
    result = judged(tmp_path, ledger("calm.0", 500), ledger("storm.0", counted))

    assert result.verdict is Verdict.INVALID
    assert [t.verdict for t in result.trials] == [Verdict.PASS, Verdict.INVALID]
    assert {(reason.code, reason.trial) for reason in result.trials[1].reasons} == {("miscounted", "storm.0")}


def test_a_ledger_that_was_never_read_is_no_agreement(tmp_path: Path) -> None:
    result = judged(tmp_path, ledger("calm.0", 500))

    assert result.verdict is Verdict.INVALID
    assert "could not be read" in result.trials[1].reasons[0].message


@pytest.mark.parametrize(("ended_s", "compared"), [(0.0, False), (0.5, True)])
def test_a_trial_is_compared_as_soon_as_it_ran_at_all(tmp_path: Path, ended_s: float, compared: bool) -> None:
    run = write_run(tmp_path / "run", good_rows(STORM), scenario=SCENARIO + LEDGERS % "")
    connection = events.recorded(run)

    found = disagreements(
        connection, [trial("storm", ended_s=ended_s)], load_rules(run / "scenario").scenario.evidence.ledgers
    )

    assert list(found) == (["storm.0"] if compared else [])
    connection.close()


def test_only_the_trials_that_a_ledger_is_for_are_compared(tmp_path: Path) -> None:
    result = judged(tmp_path, ledger("calm.0", 500), trials=", trials: [calm]")

    assert result.verdict is Verdict.PASS


def test_an_answer_that_was_cut_off_need_not_be_in_the_ledger(tmp_path: Path) -> None:
    rows = [r if r["id"] != "storm.0-499" else {**r, "error": "cut"} for r in good_rows(CALM, STORM)]
    run = write_run(
        tmp_path / "run", [*rows, ledger("calm.0", 500), ledger("storm.0", 499)], scenario=SCENARIO + LEDGERS % ""
    )

    assert judge_run(run).verdict is Verdict.PASS


def test_a_ledger_of_an_unknown_trial_is_refused(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", [], scenario=SCENARIO + LEDGERS % ", trials: [storn]")

    with pytest.raises(BadInput, match=r"ledgers\.model\.trials: no trial 'storn'"):
        judge_run(run)


def test_sql_that_cannot_run_is_found_before_anything_starts(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", [], scenario=SCENARIO + LEDGERS % "", slos=SLOS)
    rules = load_rules(run / "scenario")
    (model,) = rules.scenario.evidence.ledgers
    evidence = rules.scenario.evidence.model_copy(
        update={"ledgers": (model.model_copy(update={"events": "statsu = 200"}),)}
    )
    broken: Rules = replace(rules, scenario=rules.scenario.model_copy(update={"evidence": evidence}))

    with pytest.raises(BadInput, match=r"scenario\.yaml: evidence\.ledgers\.model: Binder Error: .*statsu"):
        check_objectives(broken, run / "scenario" / "slo.yaml")
