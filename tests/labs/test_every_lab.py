"""What every lab must have, asked of all that are found; and that each question can be answered with no."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from grader.candidate import practice
from grader.cli import author
from grader.course import catalog
from grader.course.spec import Lab
from tests.grader.course import REPOSITORY, Course
from tests.labs import checks
from tests.labs.checks import CHECKS, Check, Looked
from tests.waiting import eventually

LABS = catalog.lab_ids()
SHIPPED = [lab_id for lab_id in LABS if not catalog.is_draft(lab_id)]
"""Of a draft only what needs no system is asked."""
look = functools.cache(Looked)
ACTIONS = "actions: [{{id: a, title: Do, does: It is done., steps: [{{service: office, port: {}, path: {}}}]}}]\n"

MAY_ALSO_BE_MISSED = {"rag-chaos": {"right-again"}}
"""Objectives that so far only stand in the `also` of fakes. A lab that has a fake for one leaves this table."""


def name(check: Check) -> str:
    return check.__name__.replace("_", " ")


@pytest.mark.parametrize("check", [one for one in CHECKS if one is not checks.controls_judge_every_objective], ids=name)
@pytest.mark.parametrize("lab_id", LABS)
def test_every_lab(lab_id: str, check: Check) -> None:
    assert list(check(look(lab_id))) == []


@pytest.mark.parametrize("lab_id", LABS)
def test_every_objective_of_every_lab_has_a_control_that_fails_on_it(lab_id: str) -> None:
    said = list(checks.controls_judge_every_objective(look(lab_id)))

    known = MAY_ALSO_BE_MISSED.get(lab_id, set())
    assert said == [sentence for sentence in said if any(f"`fails: {id}`" in sentence for id in known)]
    assert len(said) == len(known)


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("calm_lab", SHIPPED, indirect=True)
def test_every_lab_shows_its_pages_and_its_rehearsal_misses_as_shipped(calm_lab: Lab, course: Course) -> None:
    started = course.lab("start", calm_lab.id, "--runtime", "process", timeout_s=180)
    assert started.returncode == 0, started.stderr
    try:
        pages = practice.pages(calm_lab, practice.require(calm_lab.id))
        answers = {page: httpx.get(url, trust_env=False, timeout=20) for page, url in pages.items()}
        if (calm_lab.folder / "world").is_dir():
            eventually(lambda: pictured(next(iter(pages.values()))))
        checked = course.lab("check", calm_lab.id, "--runtime", "process", timeout_s=180)
    finally:
        course.lab("stop", calm_lab.id)

    assert pages.keys() == calm_lab.spec.pages.keys()
    assert {page: answer.status_code for page, answer in answers.items()} == dict.fromkeys(pages, 200)
    assert all(answer.content for answer in answers.values())
    assert checked.returncode == 1, checked.stdout + checked.stderr
    result = json.loads((course.root / "results" / calm_lab.id / "rehearsal" / "result.json").read_text())
    assert {reason["code"] for reason in result["reasons"]} == {"objective-missed"}


def pictured(casebook: str) -> bool:
    """Whether it has pictures by now."""
    return bool(httpx.get(f"{casebook}pictures", trust_env=False, timeout=20).json())


# Each check can fail: a lab of `lab new`, which has all that it must, and then lacks one thing


@pytest.fixture
def make(course: Course) -> Callable[[str], Path]:
    """Makes the lab `toy` of a shape; gives the course's folder."""

    def made(shape: str) -> Path:
        (course.root / "labs" / "cast").symlink_to(REPOSITORY / "labs" / "cast")
        author.new("toy", shape)
        return course.root

    return made


@pytest.mark.parametrize("shape", ["traffic", "decision"])
def test_a_new_lab_has_all_that_it_must(make: Callable[[str], Path], shape: str) -> None:
    make(shape)

    assert [sentence for check in CHECKS for sentence in check(Looked("toy"))] == []


BRIEF, SYSTEM, PLAN = "labs/toy/README.md", "labs/toy/compose.yaml", "labs/toy/public/plan.json"
DRAW, WORLD = "scenarios/toy/draw.py", "labs/toy/world/world.py"
MORE = 'def public_files(plan):\n    return {"more.txt": plan["seed"]}\n\n\ndef public():'
TELLS = 'tell(case["id"], "paid", '
FAKE, OTHER = (f"scenarios/toy/controls/{control}/control.yaml" for control in ("fake-same-amount", "alternative"))


@pytest.mark.parametrize(
    ("check", "file", "old", "new", "says"),
    [
        (checks.brief_tells_a_story, BRIEF, "# The bill", "# A bill", "begin with the title"),
        (checks.brief_tells_a_story, BRIEF, "\n\nThe office asks", "\n\n## Calls\n\nThe office asks", ""),
        (checks.brief_tells_a_story, BRIEF, "\n\nTravellers", "\n\n## Story\n\nTravellers", "who is hurt"),
        (checks.brief_promises_what_is_judged, BRIEF, "`paid`", "`payed`", "promise the objective `paid`"),
        (checks.brief_promises_what_is_judged, BRIEF, "`once`", "\n| `once` | at least 90 % |", ""),
        (checks.brief_promises_what_is_judged, BRIEF, "`once`", "\n| `once` | at least 91 % |", "10 % or 90 %"),
        (checks.brief_promises_what_is_judged, BRIEF, "You are", "\n## Objectives\n\n| `fair` | yes |\n", "`fair` out"),
        (checks.brief_gives_commands_that_exist, BRIEF, "`lab ", "`the ", "say what to type"),
        (checks.brief_gives_commands_that_exist, BRIEF, "`lab open", "`lab show", "mend `lab show toy`"),
        (checks.brief_gives_commands_that_exist, BRIEF, "toy office", "other office", "mend `lab open other`"),
        (checks.brief_gives_commands_that_exist, BRIEF, "toy office", "toy till", "has only office"),
        (checks.hints_help, "scenarios/toy/hints.md", "## What is", "What is", "3 hints or more"),
        (checks.hints_help, "scenarios/toy/hints.md", "## A way", "## A way\n## Another", "below '## A way'"),
        (checks.debrief_answers_the_interview, "scenarios/toy/debrief.md", "an interview", "any talk", "double quotes"),
        (checks.debrief_answers_the_interview, "scenarios/toy/debrief.md", "I decide", 'I do." "', "25 words or more"),
        (checks.debrief_answers_the_interview, "scenarios/toy/debrief.md", "Further", "No", "further reading"),
        (checks.controls_judge_every_objective, FAKE, "fails: paid", "fails: once", "`fails: paid`"),
        (checks.controls_judge_every_objective, OTHER, "kind: alternative", "kind: reference", "of kind alternative"),
        (checks.open_files_reach_a_service, "labs/toy/lab.yaml", "[desk]", "[desk, rehearsal]", "mount rehearsal/"),
        (checks.open_files_reach_a_service, SYSTEM, "    command:", "    networks: [edge]\n    command:", "internal"),
        (checks.pages_are_published, "labs/toy/lab.yaml", "//office:8000", "//office:8001", "page office"),
        (checks.pages_are_published, "labs/toy/lab.yaml", "//office:8000", "//till:8000", "page office"),
        (
            checks.actions_do_what_practice_does,
            "labs/toy/lab.yaml",
            "pages:",
            f"{ACTIONS.format(8000, '/paid')}pages:",
            "/paid;",
        ),
        (
            checks.actions_do_what_practice_does,
            "labs/toy/lab.yaml",
            "pages:",
            f"{ACTIONS.format(1, '/')}pages:",
            "publish",
        ),
        (checks.actions_do_what_practice_does, "labs/toy/lab.yaml", "pages:", f"{ACTIONS.format(8000, '/')}pages:", ""),
        (checks.public_files_are_drawn, PLAN, '"again"', '"new"', "not what draw.py draws"),
        (checks.public_files_are_drawn, DRAW, "cases=32", "cases=36", "not what draw.py draws"),
        (checks.public_files_are_drawn, DRAW, "def public():", MORE, "public/more.txt: is not what draw.py makes"),
        (checks.worlds_tell_what_is_asked, WORLD, 'tell_rest(case["id"], ', TELLS, "asks for 'once', of which"),
        (checks.questions_may_all_wait, DRAW, "cases=160", "cases=2004", "2000 questions"),
    ],
)
def test_what_a_lab_lacks_is_named(
    make: Callable[[str], Path], check: Check, file: str, old: str, new: str, says: str
) -> None:
    path = make("decision") / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))

    said = list(check(Looked("toy")))

    assert bool(said) == bool(says)
    assert all(says in sentence for sentence in said), said


@pytest.mark.parametrize("gone", [PLAN, DRAW])
def test_a_half_of_a_public_plan_is_named(make: Callable[[str], Path], gone: str) -> None:
    root = make("decision")
    look = Looked("toy")
    (root / gone).unlink()

    [said] = checks.public_files_are_drawn(look)

    assert gone in said or f"{Path(gone).parent.name}/{Path(gone).name}" in said


def test_an_experiment_that_cannot_run_is_named(make: Callable[[str], Path]) -> None:
    root = make("decision")
    shared = (root / "labs/cast/lib/casebook/experiment.yaml").read_text()
    (root / "scenarios/toy/experiment.yaml").write_text(shared.replace("func: begun", "func: no"))
    (root / "labs/toy/rehearsal/experiment.yaml").write_text("title: x\ndescription: x\nmethod: [7]\n")

    said = list(checks.experiments_can_run(Looked("toy")))

    assert [sentence.partition(": ")[0] for sentence in said] == ["trial bills", "trial public"]
