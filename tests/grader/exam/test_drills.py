"""Trials that deploy a control and run the candidate's own experiment, on the tiny lab."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pytest
import yaml

from grader.errors import BadInput
from grader.result import Verdict
from tests.calm import BOUNDS
from tests.grader.exam.toy import Toy, codes

OBEDIENT = '''
"""A sealed service: breaks the desk's door when told so, which is its own port 9001."""
import json, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

broken = []

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503 if broken and self.path == "/door" else 200)
        self.send_header("content-length", "0")
        self.end_headers()

    def do_POST(self):
        broken[:] = ["x"] if json.loads(self.rfile.read(int(self.headers["content-length"]))) == "break" else []
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass

host, _, port = sys.argv[1].partition(":")
ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
'''
RUNS = {"runs": 9, "every_s": 0.7}
TIMELINE = [{"phase": "drill", "seconds": 7.0, "rate": 0}]


def slo(name: str, answer: str) -> dict[str, Any]:
    def metric(query: str) -> dict[str, Any]:
        return {"metricSource": {"type": "Brownout", "spec": {"query": query}}}

    ratio = {"counter": True, "good": metric(f"answer = '{answer}'"), "total": metric("name = 'drill'")}
    return {
        "apiVersion": "openslo/v1",
        "kind": "SLO",
        "metadata": {"name": name, "displayName": name},
        "spec": {
            "description": name,
            "service": "s",
            "indicator": {"metadata": {"name": name}, "spec": {"ratioMetric": ratio}},
            "timeWindow": [{"duration": "28d", "isRolling": True}],
            "budgetingMethod": "Occurrences",
            "objectives": [{"displayName": name, "target": 0.6}],
        },
    }


def experiment(url: str) -> dict[str, Any]:
    """One that breaks the door and asks this URL."""
    fault = {"type": "python", "module": "grader.chaos.activities", "func": "fault", "arguments": {"name": "door"}}
    ask = {"type": "http", "url": url, "timeout": 0.3}
    return {
        "title": "t",
        "steady-state-hypothesis": {
            "title": "open",
            "probes": [{"type": "probe", "name": "it is open", "tolerance": 200, "provider": ask}],
        },
        "method": [{"type": "action", "name": "break it", "provider": fault}],
    }


@pytest.fixture
def drilled(toy: Toy) -> Toy:
    """The tiny lab with a drill: the door breaks for whoever asks for it."""
    toy.seal(OBEDIENT)
    lab = yaml.safe_load((toy.lab / "lab.yaml").read_text())
    call = {"service": "vault", "port": 9000, "path": "/"}
    lab["open"] += ["chaos"]
    lab["drill"] = {
        "file": "chaos/experiment.json",
        "seconds": 0.5,
        "asks": ["http://vault:9000/"],
        "faults": {"door": {**call, "payload": "break"}},
        "lifts": [{**call, "payload": "mend"}],
    }
    (toy.lab / "lab.yaml").write_text(yaml.safe_dump(lab))
    (toy.lab / "chaos").mkdir()
    hand_in(toy, "http://vault:9000/door")
    trials = [{"id": "drill", "system": "shipped", "drill": RUNS, "timeline": TIMELINE}]
    objectives = {"finds": {"trials": ["drill"], "kind": "probe"}}
    toy.scenario(trials=trials, objectives=objectives, evidence=BOUNDS)
    (toy.folder / "slo.yaml").write_text(yaml.safe_dump(slo("finds", "deviated")))
    for control in toy.folder.glob("controls/*/control.yaml"):
        known = yaml.safe_load(control.read_text())
        control.write_text(yaml.safe_dump({**known, **({"fails": "finds", "also": []} if "fails" in known else {})}))
    return toy


def hand_in(toy: Toy, url: str) -> None:
    (toy.lab / "chaos" / "experiment.json").write_text(json.dumps(experiment(url)))


def outcomes(toy: Toy) -> list[tuple[Any, ...]]:
    query = f"SELECT answer, value, phase FROM '{toy.out}/events.parquet' WHERE kind = 'probe' ORDER BY due"
    with duckdb.connect() as database:  # the shared one may be in use
        return database.sql(query).fetchall()


@pytest.mark.slow
def test_an_experiment_that_finds_the_fault_passes(drilled: Toy) -> None:
    result = drilled.grade()

    assert result.verdict is Verdict.PASS, result.reasons
    assert outcomes(drilled) == [("deviated", 1.0, "drill")] * 9


@pytest.mark.slow
def test_one_that_looks_away_fails_on_the_objective(drilled: Toy) -> None:
    hand_in(drilled, "http://vault:9000/healthz")

    result = drilled.grade()

    assert codes(result) == ["objective-missed"]
    assert {answer for answer, _, _ in outcomes(drilled)} == {"held"}


def test_one_that_is_not_allowed_is_refused_before_anything_starts(drilled: Toy) -> None:
    hand_in(drilled, "http://vault:9000@elsewhere/")

    with pytest.raises(BadInput, match=r"must not be asked; what begins with http://vault:9000/ may"):
        drilled.grade()

    assert not drilled.out.exists()


@pytest.mark.slow
def test_what_the_submission_would_do_is_not_run_where_a_control_stands_in(drilled: Toy) -> None:
    drilled.candidate(before="raise SystemExit('not me')")

    result = drilled.grade()

    assert result.verdict is Verdict.PASS, result.reasons


def test_a_control_that_does_not_start_is_no_fault_of_the_submission(drilled: Toy, one_try: None) -> None:
    broken = drilled.folder / "controls" / "alternative"
    (broken / "desk" / "routing.py").write_text("raise SystemExit('not me')")
    trials = [{"id": "drill", "system": "alternative", "drill": RUNS, "timeline": TIMELINE}]
    drilled.scenario(trials=trials)

    result = drilled.grade()

    assert result.verdict is Verdict.INVALID
    assert "sealed-failed" in codes(result) and set(codes(result)) <= {"sealed-failed", "no-evidence"}


@pytest.mark.slow
def test_a_sealed_part_that_does_not_obey_makes_the_run_invalid(drilled: Toy, one_try: None) -> None:
    vault = drilled.lab / "vault" / "main.py"
    text = vault.read_text()
    vault.write_text(text.replace("        self.send_response(200)\n", "        self.send_response(500)\n"))

    result = drilled.grade()

    assert result.verdict is Verdict.INVALID
    assert set(codes(result)) == {"platform"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"system": "nobody"}, "there is no control 'nobody'"),
        ({"drill": {"runs": 9, "every_s": 0.6}}, "must be 0.7 s or more"),
        ({"drill": {"runs": 20, "every_s": 0.7}}, "the last run ends at 14.3 s"),
    ],
    ids=["control", "too close", "too long"],
)
def test_a_trial_that_does_not_fit_is_named(drilled: Toy, change: dict[str, Any], says: str) -> None:
    trial = {"id": "drill", "system": "shipped", "drill": RUNS, "timeline": TIMELINE, **change}
    drilled.scenario(trials=[trial])

    with pytest.raises(BadInput, match=says):
        drilled.grade()


def test_a_drill_that_the_lab_does_not_know_is_named(drilled: Toy) -> None:
    lab = yaml.safe_load((drilled.lab / "lab.yaml").read_text())
    del lab["drill"]
    (drilled.lab / "lab.yaml").write_text(yaml.safe_dump(lab))

    with pytest.raises(BadInput, match=r"lab\.yaml says nothing of a drill"):
        drilled.grade()
