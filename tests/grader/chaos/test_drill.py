"""Runs of a candidate's experiment: the real `python -m grader.chaos`, a sealed service, and each outcome."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.chaos.drill import Outcome, in_time, outcome_of
from grader.lifeline import Lifeline
from tests.grader.chaos.chaos_helpers import Sealed, launch, run
from tests.grader.chaos.drill_helpers import RULES, SOUND, asks, does, handed_in, python, spoilt

ADDED: dict[str, Any] = {"rules": {**RULES.model_dump(mode="json"), "seconds": 20.0}, "start_s": 0.1}
"""A busy machine has time enough; what takes too long takes longer than `RULES` allow."""


@pytest.fixture
def drill(tmp_path: Path, sealed: Sealed) -> Callable[..., tuple[int, str, list[dict[str, Any]]]]:
    """Run an experiment once; the sealed service is both what is asked and what is broken."""

    def once(experiment: Any, token: str = "secret") -> tuple[int, str, list[dict[str, Any]]]:
        folder = handed_in(tmp_path / "handed-in", experiment)
        addresses = {"model:9000": sealed.address, "desk:8080": sealed.address}
        target = {"runtime": "process", "name": "none", "addresses": addresses, "token": token}
        return run(tmp_path, folder, deployment=target, drill=ADDED)

    return once


def test_a_hypothesis_that_no_longer_holds_is_a_deviation(drill, sealed):
    code, _, [event] = drill(SOUND)

    assert code == 0
    assert (event["kind"], event["name"], event["due"]) == ("probe", "drill", 0.1)
    assert (event["answer"], event["value"], event["phase"]) == ("deviated", 1.0, "only")
    assert "it answers" in event["error"]
    assert sealed.mode == "ok"


def test_a_hypothesis_that_holds_all_the_same_is_none(drill):
    sturdy = {**asks(), "tolerance": [200, 500]}

    _, _, [event] = drill(spoilt(lambda e: e["steady-state-hypothesis"].update(probes=[sturdy])))

    assert (event["answer"], event["value"]) == ("held", 0.0)


def test_what_does_not_hold_before_has_found_nothing(drill):
    _, _, [event] = drill(spoilt(lambda e: e["steady-state-hypothesis"]["probes"][0].update(tolerance=404)))

    assert event["answer"] == "unsteady"


def test_faults_are_lifted_before_and_after_without_its_rollbacks(drill, sealed):
    sealed.mode = "error"

    _, _, [event] = drill(spoilt(lambda e: e.update(rollbacks=[])))

    assert event["answer"] == "deviated"
    assert sealed.mode == "ok"


def test_a_field_of_the_answer_can_be_looked_at(drill, sealed):
    look = {"url": "http://desk:8080/", "json": {"mode": "ok"}, "name": "mode"}
    probe = {
        "type": "probe",
        "name": "a POST needs the token here",
        "tolerance": "ok",
        "provider": python("field", **look),
    }

    _, _, [event] = drill(spoilt(lambda e: e["steady-state-hypothesis"].update(probes=[probe])))

    assert event["answer"] == "unsteady"
    assert "no field 'mode'" in event["error"]


def test_a_tolerance_that_does_not_fit_is_the_experiments_own_trouble(drill):
    odd = {**asks(), "tolerance": {"type": "range", "range": [0, 1]}}

    code, _, [event] = drill(spoilt(lambda e: e["steady-state-hypothesis"].update(probes=[odd])))

    assert code == 0
    assert event["answer"] == "broken"


def test_one_that_takes_too_long_is_ended_and_its_faults_lifted(drill, sealed, monkeypatch):
    waits = [does("fault", name="error"), *[{**asks("http://desk:8080/x"), "name": f"n{n}"} for n in range(10)]]
    for step in waits[1:]:
        del step["tolerance"]
    slow = {"service": "model", "port": 9000, "path": "/mode", "payload": {"mode": "slow"}}
    rules = {**ADDED["rules"], "seconds": RULES.seconds, "faults": {"error": slow}}
    monkeypatch.setitem(ADDED, "rules", rules)

    code, _, [event] = drill(spoilt(lambda e: e.update(method=waits)))

    assert code == 0
    assert event["answer"] == "overran"
    assert event["done"] - event["sent"] < RULES.seconds + 2.0
    assert sealed.mode == "ok"


def test_a_sealed_part_that_does_not_obey_is_our_trouble_and_no_outcome(drill):
    code, said, events = drill(SOUND, token="wrong")

    assert code == 6
    assert "status 401" in said
    assert events == []


def test_an_experiment_that_was_swapped_after_the_check_is_not_run(drill):
    code, said, events = drill({**SOUND, "secrets": {}})

    assert code == 2
    assert "secrets" in said
    assert events == []


def test_work_that_never_lets_go_is_killed():
    def stuck() -> Outcome:
        while True:
            pass

    began = time.monotonic()

    outcome = in_time(stuck, 0.3, Lifeline())

    assert outcome.word == "overran"
    assert time.monotonic() - began < 30


def test_work_that_raises_or_dies_is_an_outcome():
    def raises() -> Outcome:
        raise RecursionError("so deep")

    def dies() -> Outcome:
        import os

        os._exit(3)

    assert in_time(raises, 5, Lifeline()).word == "broken"
    assert in_time(dies, 5, Lifeline()) == Outcome("broken", "it ended without a word")


def test_an_action_that_fails_is_no_deviation():
    met = {"steady_state_met": True, "probes": []}
    failed = {"status": "failed", "exception": ["no"], "activity": {"type": "action", "name": "a"}}
    journal = {"status": "completed", "run": [failed], "rollbacks": []}

    outcome = outcome_of({**journal, "steady_states": {"before": met, "after": {**met, "steady_state_met": False}}})

    assert outcome == Outcome("broken", "a: no")


def test_a_run_that_is_stopped_ends_with_what_it_started(tmp_path, sealed):
    folder = handed_in(tmp_path / "handed-in", spoilt(lambda e: e["method"].append(does("wait", seconds=1.5))))
    target = {"runtime": "process", "name": "none", "addresses": {"model:9000": sealed.address}, "token": "secret"}
    target["addresses"]["desk:8080"] = sealed.address
    process = launch(tmp_path, folder, deployment=target, drill=ADDED)
    while sealed.mode != "error":
        time.sleep(0.01)
    [child] = psutil.Process(process.pid).children()

    process.terminate()

    assert process.wait(20) == 143
    assert not child.is_running()
    process.communicate()
