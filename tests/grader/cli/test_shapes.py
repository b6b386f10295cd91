"""What `lab new` makes of each shape."""

from __future__ import annotations

import json

import httpx
import pytest

from grader.cli import author
from grader.course.spec import Lab, Scenario
from grader.errors import BadInput
from grader.load.traffic import import_file
from tests.calm import calm
from tests.grader.course import REPOSITORY, Course

SHAPES = ("traffic", "decision")


@pytest.fixture
def whole(course: Course) -> Course:
    """A course with the repository's cast."""
    (course.root / "labs" / "cast").symlink_to(REPOSITORY / "labs" / "cast")
    return course


def _texts(course: Course, lab_id: str) -> list[str]:
    folders = (course.root / kind / lab_id for kind in ("labs", "scenarios"))
    return [path.read_text() for folder in folders for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_small_and_has_its_name(whole: Course, shape: str) -> None:
    author.new("mine", shape)
    texts = _texts(whole, "mine")

    assert sum(text.count("\n") for text in texts) <= 300
    assert not any("__ID__" in text for text in texts)
    assert (whole.root / "labs" / "mine" / "lab.yaml").read_text().startswith("id: mine\n")


def test_the_public_plan_is_drawn_as_the_exam_draws(whole: Course) -> None:
    author.new("mine", "decision")
    draw = import_file(whole.root / "scenarios" / "mine" / "draw.py")

    assert json.loads((whole.root / "labs" / "mine" / "public" / "plan.json").read_text()) == draw.public()
    assert draw.draw(1) == draw.draw(1) != draw.draw(2)


def test_a_plan_is_printed_and_written(whole: Course) -> None:
    author.new("mine", "decision")
    draw, public = (whole.root / path for path in ("scenarios/mine/draw.py", "labs/mine/public"))
    drawn = import_file(draw).draw(7)
    kept = (public / "plan.json").read_text()

    assert json.loads(whole.lab("plan", "mine", "--seed", "7").stdout) == drawn
    assert whole.lab("plan", "mine").stdout == kept
    assert "plan.json: as it was" in whole.lab("plan", "mine", "--public").stdout

    more = 'def public_files(plan):\n    return {"seed.txt": f"{plan[\'seed\']}"}\n'
    draw.write_text(draw.read_text().replace("cases=32", "cases=36") + "\n\n" + more)
    refused = whole.lab("start", "mine", "--runtime", "process")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "labs/mine/public/plan.json: is not what draw.py draws; write it with `lab plan mine --public`" in " ".join(
        refused.stderr.split()
    )
    assert not (whole.root / "work" / "mine").exists()

    assert whole.lab("plan", "mine", "--public").returncode == 0
    assert len(json.loads((public / "plan.json").read_text())["cases"]) == 36
    assert (public / "seed.txt").read_text() == "1"
    assert whole.lab("plan", "mine", "--public", "--seed", "1").returncode == 2


def test_a_shape_that_is_not_there_is_refused(course: Course) -> None:
    with pytest.raises(BadInput, match="choose decision or traffic"):
        author.new("mine", "essay")
    with pytest.raises(BadInput, match="has no labs/cast/lib/casebook"):
        author.new("mine", "decision")
    assert _texts(course, "mine") == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_matrix_of_a_decision_holds(whole: Course) -> None:
    author.new("mine", "decision")
    calm(whole.root / "scenarios" / "mine")

    verified = whole.lab("verify", "mine", "--runtime", "process", timeout_s=250)

    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "All 4 controls hold." in verified.stdout


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_a_decision_can_be_practised(whole: Course) -> None:
    author.new("mine", "decision")
    calm(whole.root / "labs" / "mine" / "rehearsal")
    scenario = Scenario(whole.root / "scenarios" / "mine", Lab(whole.root / "labs" / "mine"))
    started = whole.lab("start", "mine", "--runtime", "process", timeout_s=150)
    assert started.returncode == 0, started.stderr
    try:
        shipped = whole.lab("check", "mine")
        for path, file in scenario.edited("reference").items():
            (whole.root / "work" / "mine" / path).write_bytes(file.data)
        mended = whole.lab("check", "mine")
        page = whole.lab("open", "mine", "office", "--print").stdout.strip()
        shown = httpx.get(page, trust_env=False).text
    finally:
        whole.lab("stop", "mine")

    assert shipped.returncode == 1 and "No bill is paid twice" in shipped.stdout, shipped.stdout + shipped.stderr
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert "Public season" in shown
