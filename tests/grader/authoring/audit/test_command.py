"""`lab audit` in a course of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader import events
from grader.authoring.audit import recording
from grader.judge.record import RunRecord
from tests.grader.authoring.audit.test_findings import one_shop_is_small
from tests.grader.authoring.audit.toy import Toy, passed
from tests.grader.course import Course
from tests.grader.judge.synthetic import good_rows, tick, trial, write_run

COMPOSE = """services:
  desk:
    image: brownout/core
    command: [python, /app/main.py]
    volumes: ["./desk:/app:ro"]
    ports: ["127.0.0.1::8080"]
    mem_limit: 128m
    x-ready: http://desk:8080/healthz
"""


@pytest.fixture
def toy(course: Course) -> Toy:
    """A sound exam, and a recorded pass of it."""
    made = Toy(course.root)
    (made.lab / "desk").mkdir()
    (made.lab / "desk" / "main.py").write_text("print()\n")
    (made.lab / "compose.yaml").write_text(COMPOSE)
    return made


def keep(toy: Toy) -> Path:
    scenario = toy.scenario()
    path = recording.path_of(scenario)
    recording.save(passed(scenario), path)
    return path


def test_a_sound_exam_exits_0(course: Course, toy: Toy) -> None:
    keep(toy)

    done = course.lab("audit", "desk")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "desk: 0 findings" in done.stdout
    assert "right 62 of 400" in done.stdout


def test_a_finding_exits_1_and_is_told_with_its_key(course: Course, toy: Toy) -> None:
    one_shop_is_small(toy)
    keep(toy)

    done = course.lab("audit", "--all")

    assert done.returncode == 1, done.stderr
    assert "sacrifice/right/segment" in done.stdout
    assert "harbour" in done.stdout
    assert "audit.yaml" in done.stdout


def test_json_is_all_that_is_on_stdout(course: Course, toy: Toy) -> None:
    one_shop_is_small(toy)
    keep(toy)

    done = course.lab("audit", "desk", "--json")

    (told,) = json.loads(done.stdout)
    assert (done.returncode, told["lab"], told["open"]) == (1, "desk", 1)
    (finding,) = told["findings"]
    assert finding["kind"] == "sacrifice"
    assert finding["objective"] == "right"
    assert finding["values"] == ["harbour"]
    assert 0.04 < finding["figure"] < 0.06


def test_a_broken_recording_exits_2_in_one_sentence(course: Course, toy: Toy) -> None:
    keep(toy).write_bytes(b"torn")

    done = course.lab("audit", "desk")

    assert done.returncode == 2
    assert done.stderr.startswith("lab: ") and "record again" in done.stderr


def held(run: Path, toy: Toy) -> Path:
    """The run folder of an exam of the lab in which all was answered rightly."""
    kept = passed(toy.scenario())
    trials = tuple(trial(one.kind) for one in kept.trials)
    whole = {"id": "x", "sent": 0.0, "value": None, "error": ""}
    rows = [{**whole, **row} for row in kept.rows] + [tick(one.id, n) for one in trials for n in range(100)]
    write_run(run, rows, trials=trials, scenario=toy.scenario().text, slos=(toy.exam / "slo.yaml").read_text())
    known = ("trial", "kind", "name", "phase", "segment", "due")
    lines = run / "plan.jsonl"
    events.append(lines, [{name: row[name] if name in known else None for name in events.COLUMNS} for row in kept.rows])
    events.save([lines], run / "plan.parquet")
    record = {"seed": 1, "runtime": "process", "alpha": 0.05, "duration_s": 1.0, "versions": {}}
    RunRecord(lab="desk", trials=trials, **record).save(run)  # type: ignore[arg-type]
    return run


def test_an_exam_that_was_held_already_can_be_kept(course: Course, toy: Toy, tmp_path: Path) -> None:
    run = held(tmp_path / "run", toy)

    done = course.lab("audit", "desk", "--from", str(run))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "right 62 of 400" in done.stdout


def test_an_exam_by_another_scenario_is_refused(course: Course, toy: Toy, tmp_path: Path) -> None:
    run = held(tmp_path / "run", toy)
    toy.windows["right"]["trials"] = ["first"]
    toy.scenario()

    done = course.lab("audit", "desk", "--from", str(run))

    assert done.returncode == 2
    assert "as it is now" in done.stderr


def test_a_run_of_another_lab_is_refused(course: Course, toy: Toy, tmp_path: Path) -> None:
    toy.scenario()
    calm = (trial("calm"), trial("storm"))
    run = write_run(tmp_path / "run", good_rows(*calm), trials=calm)

    done = course.lab("audit", "desk", "--from", str(run))

    assert done.returncode == 2
    assert "is no exam of desk" in done.stderr


@pytest.mark.parametrize(
    "arguments", [(), ("desk", "--all"), ("--all", "--from", "x"), ("desk", "--record", "--from", "x")]
)
def test_what_makes_no_sense_is_refused(course: Course, arguments: tuple[str, ...]) -> None:
    done = course.lab("audit", *arguments)

    assert done.returncode == 2
    assert done.stderr.startswith("lab: --from") or "--all" in done.stderr
