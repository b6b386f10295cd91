"""A load.py is told its phases, wherever it is made, and they are in no record of the trial."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from grader.course import catalog
from grader.errors import BadInput
from grader.exam.draw import draw_trial, write_plan
from grader.load.plan import PlannedPhase
from grader.load.schedule import schedule, timeline
from grader.practice import rig
from tests.grader.course import Course
from tests.grader.load.load_helpers import LOAD, Server, plan, run

PHASES = [
    PlannedPhase(phase="calm", start=0, seconds=0.3, rate=50),
    PlannedPhase(phase="quiet", start=0.3, seconds=0.2, rate=0),
    PlannedPhase(phase="rush", start=0.5, seconds=0.31, rate=90),
    PlannedPhase(phase="calm", start=0.81, seconds=0.2, rate=50),
]
KINDS = """
        self.kinds = [one["phase"] for one in parameters["timeline"] for _ in range(one["count"])]
        self.parameters = parameters
"""


def test_phases_are_told_with_the_numbers_of_their_arrivals() -> None:
    told = timeline(PHASES)
    arrivals = list(schedule(PHASES, 1))

    assert told[2] == {"phase": "rush", "start": 0.5, "seconds": 0.31, "rate": 90, "first": 15, "count": 27}
    assert [one["count"] for one in told] == [15, 0, 27, 10] and [one["first"] for one in told] == [0, 15, 15, 42]
    for one in told:
        inside = [arrival for arrival in arrivals if one["first"] <= arrival.n < one["first"] + one["count"]]
        assert {arrival.phase for arrival in inside} <= {one["phase"]}
        assert all(one["start"] <= arrival.due < one["start"] + one["seconds"] for arrival in inside)


def test_the_generator_tells_them(tmp_path: Path, server: Server) -> None:
    order = plan(tmp_path, server.address)
    order["trials"][0]["phases"] = [phase.model_dump() for phase in PHASES]
    text = LOAD.replace("    def request", KINDS + "    def request").replace('segment="gold"', "segment=self.kinds[n]")
    (tmp_path / "load.py").write_text(text)

    *events, _ = run(tmp_path, order)

    assert len(events) == 52 and {event["phase"] for event in events} == {"calm", "rush"}
    assert all(event["segment"] == event["phase"] for event in events)


def test_planning_and_everyday_traffic_tell_them_and_nobody_writes_them_down(desk: Course, tmp_path: Path) -> None:
    load = desk.root / "labs/desk/rehearsal/load.py"
    text = load.read_text().replace("self.seed = seed", "self.seed = seed" + KINDS.rstrip())
    load.write_text(text.replace("segment=first", "segment=self.kinds[n]"))
    scenario = catalog.find_scenario(catalog.find_lab("desk"))

    trial = draw_trial(scenario, scenario.spec.trials[0].id, 0, 1, 5)
    write_plan(scenario, trial, tmp_path / "plan.jsonl")

    rows = [json.loads(line) for line in (tmp_path / "plan.jsonl").read_text().splitlines()]
    asked = [row for row in rows if row["kind"] == "request"]
    assert len(asked) > 10 and all(row["segment"] == row["phase"] for row in asked)
    assert "timeline" not in trial.parameters and "timeline" not in scenario.configuration(trial.kind)
    assert rig.everyday(catalog.rehearsal(catalog.find_lab("desk")), 7) == {}, "it can be made without a trial's"


def test_no_trial_has_a_parameter_of_that_name(desk: Course) -> None:
    scenario = desk.root / "scenarios/desk/scenario.yaml"
    document = yaml.safe_load(scenario.read_text())
    document["trials"].append({"id": "more", "parameters": {"timeline": 3}})
    scenario.write_text(yaml.safe_dump(document))

    with pytest.raises(BadInput, match=r"scenario\.yaml: .*trials\.more: parameters\.timeline: every load\.py is told"):
        catalog.find_scenario(catalog.find_lab("desk"))
