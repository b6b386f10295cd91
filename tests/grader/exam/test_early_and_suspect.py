"""Exams that end with the last answer, and those whose machine is busy only while one submission runs."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import Any

import pytest

from grader.exam import Ends
from grader.result import Verdict
from infra.runtime import Deployment, Request
from infra.system import System
from tests.calm import BOUNDS
from tests.grader.exam.toy import Processes, Toy, codes

WAITING_S = 90
OURS = {"type": "python", "module": "grader.faults"}
WAIT = {
    "type": "action",
    "name": "wait for the end",
    "provider": {**OURS, "func": "at", "arguments": {"seconds": WAITING_S}},
}
LOOK = {
    "type": "probe",
    "name": "it answers",
    "tolerance": True,
    "provider": {**OURS, "func": "answers", "arguments": {"url": "http://desk:8080/healthz", "timeout_s": 20}},
}
SLOW = """
import http.server, time
_send = http.server.BaseHTTPRequestHandler.send_response
def _late(self, *status):
    if self.path == "/healthz?pulse":
        time.sleep(3.0)
    _send(self, *status)
http.server.BaseHTTPRequestHandler.send_response = _late
"""


def test_a_trial_that_nothing_can_decide_ends_with_its_last_answer(tmp_path: Path) -> None:
    toy = Toy(tmp_path)
    experiment = toy.experiment("waits", [WAIT, LOOK])
    phases = [{"phase": "few", "seconds": 1.0, "rate": 6}, {"phase": "waiting", "seconds": WAITING_S, "rate": 0}]
    toy.scenario(trials=[{"id": "hidden-day", "experiment": experiment}], timeline=phases, rounds=1, more={"rounds": 0})
    began = time.monotonic()

    result = toy.grade(ends=Ends.OBJECTIVES)

    assert time.monotonic() - began < WAITING_S
    assert result.verdict is Verdict.PASS and result.close and set(codes(result)) == {"close"}
    (trial,) = result.trials
    assert trial.verdict is Verdict.PASS and not trial.stopped_early
    assert all((one.valid, one.of, one.most_bad) == (6, 6, None) for one in result.objectives)


@pytest.mark.slow
@pytest.mark.parametrize(("each", "code", "word"), [("pass", 0, "Close pass."), ("return None", 1, "Close fail.")])
def test_a_close_call_is_decided_or_invalid_as_is_asked_for(tmp_path: Path, each: str, code: int, word: str) -> None:
    """Of six requests one is answered wrongly, or none: too few to prove either."""
    toy = Toy(tmp_path)
    phases = [{"phase": "few", "seconds": 1.0, "rate": 6}]
    toy.scenario(timeline=phases, rounds=1, more={"rounds": 0})
    toy.candidate(before="CALLS = []\n", at_each=f"CALLS.append(customer)\n    if len(CALLS) == 3:\n        {each}")

    decided = toy.course.lab(*toy.command())
    first = toy.written()
    invalid = toy.course.lab(*toy.command("--close", "invalid"))
    again = toy.course.lab("judge", str(toy.out))

    assert decided.returncode == code and word in decided.stdout, decided.stderr
    assert first["close"] is True and {one["code"] for one in first["reasons"]} == {"close"}
    assert invalid.returncode == again.returncode == 3 and "Invalid run." in invalid.stdout, invalid.stderr
    assert (toy.written()["verdict"], toy.written()["close"]) == ("invalid", False)
    assert {one["code"] for one in toy.written()["reasons"]} == {"undecided"}


class SlowerThenOn(Processes):
    """From the second system on, services have no time to become ready."""

    made = 0

    def deploy(self, system: System, request: Request) -> Deployment:
        self.made += 1
        late = dataclasses.replace(request, ready_timeout_s=0.02)
        deployment: Deployment = self._place.deploy(system, request if self.made == 1 else late)
        return deployment


def busying(folder: Path) -> Toy:
    """A part that has to be prompt stands for the machine; the submission makes it late."""
    toy = Toy(folder)
    (toy.folder / "exam.py").write_text("def pulse(body):\n    return None, 'right'\n")
    probe = {"name": "pulse", "url": "http://desk:8080/healthz?pulse", "every_s": 0.1, "check": "pulse"}
    prompt = {"probe": "pulse", "within_s": 1.9, "share": 0.5}
    toy.scenario(probes=[probe], evidence={**BOUNDS, "prompt": [prompt]}, trials=[{"id": "hidden-day"}])
    toy.candidate(before=SLOW)
    return toy


def test_code_that_starts_late_on_a_machine_that_was_too_busy_is_no_fail(tmp_path: Path) -> None:
    toy, place = busying(tmp_path), SlowerThenOn()
    anywhere: Any = place

    result = toy.grade(place=anywhere)

    assert place.made == 3 and result.verdict is Verdict.INVALID
    assert set(codes(result)) == {"machine-busy"}
    assert "was not ready" in result.trials[1].reasons[0].message


def test_who_makes_the_machine_busy_in_every_try_is_suspect_if_it_is_quiet_without_him(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = busying(tmp_path)
    monkeypatch.setattr("grader.exam.run.MAX_ATTEMPTS", 2)

    result = toy.grade(quote=False)

    assert result.verdict is Verdict.INVALID
    assert [reason.code for reason in result.reasons] == ["suspect", *["machine-busy"] * 2]
    assert [one.control for one in result.trials] == ["", "", "shipped"]
    assert len({one["seed"] for one in toy.written("run.json")["trials"]}) == 1, "the control has another draw"

    monkeypatch.setattr("grader.exam.run.MAX_ATTEMPTS", 1)
    trusted = codes(toy.grade(out=tmp_path / "trusted"))
    assert "machine-busy" in trusted and "suspect" not in trusted
