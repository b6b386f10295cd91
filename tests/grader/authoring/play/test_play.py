"""`lab play` on the small lab that `lab new --shape decision` makes: its controls, what is shown, and how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest

from grader.authoring.play.counting import burns, count, passes
from grader.authoring.play.room import misfits
from grader.authoring.play.season import OWN, Told, cases, draw
from grader.cli import author
from grader.course import catalog
from grader.course.spec import Scenario
from grader.exam.draw import draw_trial
from infra.home import home
from tests.grader.course import REPOSITORY, Course, begin
from tests.waiting import eventually

PATIENCE_S = 120.0


@pytest.fixture
def toy(course: Course) -> Scenario:
    """A lab that asks a casebook."""
    (course.root / "labs" / "cast").symlink_to(REPOSITORY / "labs" / "cast")
    author.new("toy", "decision")
    return catalog.find_scenario(catalog.find_lab("toy"))


def played(course: Course, *arguments: str) -> subprocess.CompletedProcess[str]:
    return course.lab("play", "toy", *arguments, timeout_s=180)


@pytest.mark.timeout(300)
def test_it_agrees_with_what_each_control_is(toy: Scenario, course: Course) -> None:
    for name, control in toy.controls.items():
        done = played(course, "--control", name, "--seeds", "1", "--json")
        told = json.loads(done.stdout)["played"][name]

        assert done.returncode == (0 if control.fails is None else 1), done.stdout + done.stderr
        assert told["passed"] == (control.fails is None)
        assert told["too_little_room"] == []
        if control.fails:
            assert told["objectives"][control.fails]["median"] >= 2


@pytest.mark.timeout(200)
def test_two_are_compared_and_one_case_is_shown(toy: Scenario, course: Course, tmp_path: Path) -> None:
    course.lab("control", "copy", "toy", "reference", "--into", str(tmp_path / "mine"))
    compared = played(course, "--compare", str(tmp_path / "mine"), "shipped", "--seeds", "1")
    case = next(iter(cases(toy, 1)))
    shown = played(course, "--control", "reference", "--case", case)

    assert compared.returncode == 1, compared.stderr
    assert "mine: 1 of 1 plans passed" in compared.stdout.replace("\n", " ")
    assert "shipped: 0 of 1 plans passed" in compared.stdout
    assert shown.returncode == 0, shown.stderr
    assert case in shown.stdout and "right" in shown.stdout


@pytest.mark.timeout(400)
def test_who_ends_it_leaves_nothing_running(toy: Scenario, course: Course) -> None:
    author.new("halted", "decision")  # of a name that no other test plays at the same time
    command = ["play", "halted", "--control", "reference", "--seeds", "500"]
    running = begin(command, course.environment, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    eventually(systems, PATIENCE_S)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=PATIENCE_S)[1]

    assert running.returncode == 130, said
    assert "Stopped the play of halted" in said
    assert eventually(lambda: not systems(), PATIENCE_S)


def systems() -> list[Path]:
    """What plays of that lab have running."""
    return sorted((home() / "deployments").glob("halted-play-*"))


def test_what_cannot_be_played_is_refused_in_one_sentence(course: Course, toy: Scenario) -> None:
    author.new("other")
    traffic = course.lab("play", "other", "--control", "reference")
    nobody = played(course, "--control", "nobody")
    both = played(course, "--control", "reference", "--compare", "reference", "shipped")
    unknown = played(course, "--control", "reference", "--case", "no such", "--seeds", "1")

    assert [one.returncode for one in (traffic, nobody, both, unknown)] == [2] * 4
    assert "has no world to play" in traffic.stderr
    assert "neither a control of toy" in nobody.stderr
    assert "say one of them" in both.stderr
    assert "has a case 'no such'" in unknown.stderr
    assert all(one.stderr.count("lab: ") == 1 for one in (traffic, nobody, both, unknown))


def test_a_plan_is_no_exams(toy: Scenario) -> None:
    kind = toy.spec.trials[0].id
    own = {draw(toy, kind, number).parameters["plan_seed"] for number in range(1, 50)}
    exams = {draw_trial(toy, kind, 0, 1, seed).parameters["plan_seed"] for seed in range(50)}

    assert OWN > 2**31
    assert len(own) == 49 and not own & exams


def test_bad_events_are_counted_by_the_exams_expressions_and_room_is_one_rule(toy: Scenario) -> None:
    [name, *_] = toy.slos
    kind, phase = toy.spec.trials[0].id, toy.spec.timeline[0].phase
    words = ["right"] * 90 + ["wrong"] * 10 + ["void"] * 50
    told = [Told(kind, phase, aspect, f"c{n}", word) for aspect in toy.slos for n, word in enumerate(words)]
    plan = count(toy, told)
    burn = burns(toy, [plan, count(toy, [one for one in told if one.word != "wrong"])])[name]

    assert dict(plan[name].words) == {"right": 90, "wrong": 10}
    assert plan[name].bad == 10 and told[plan[name].first].word == "wrong"
    assert burn.worst == pytest.approx(0.1 / (1 - toy.slos[name].target))
    assert burn.median == pytest.approx(burn.worst / 2)
    assert passes(toy, plan) == all(slo.target <= 0.9 for slo in toy.slos.values())
    assert {said.partition(":")[0] for said in misfits(toy, toy.controls["reference"], [plan])} == set(toy.slos)
