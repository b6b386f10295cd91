"""A twist is read whole before anything starts, changes what it says and nothing else, and is held live."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from grader.authoring.proving.matrix import verify_twist
from grader.course import catalog
from grader.course.spec import ScenarioSpec
from grader.course.twist import MENDED, Twist, find
from grader.errors import BadInput
from infra.runtime import runtime
from tests.grader.course import Course

TWIST = """
title: Impatient customers
brief: Customers have become impatient. Nine of ten have to find their own team, whatever their name is.
timeline: [{phase: steady, seconds: 2, rate: 100}]
trials: [{id: strict, title: a strict day}]
slos:
  - metadata: {name: fair}
    spec: {objectives: [{target: 0.9}]}
objectives:
  fair: {trials: [strict]}
proof: {reference: stands, fake-swallow: fair}
questions:
  - {ask: Who is turned away?, names: those with a name that is not expected.}
"""


@pytest.fixture
def path(desk: Course) -> Path:
    """The file of a twist of the lab `desk`."""
    folder = desk.root / "scenarios" / "desk" / "twists"
    folder.mkdir()
    (folder / "impatient.yaml").write_text(TWIST)
    return folder / "impatient.yaml"


def read(path: Path) -> Twist:
    return Twist(catalog.find_scenario(catalog.find_lab("desk")), path)


def test_a_twist_is_the_exam_but_for_what_it_says(path: Path) -> None:
    exam, twist = catalog.find_scenario(catalog.find_lab("desk")), read(path)

    assert [trial.id for trial in twist.spec.trials] == ["strict"] and twist.spec.rounds == 1
    assert (twist.spec.evidence, twist.load_file) == (exam.spec.evidence, exam.load_file)
    assert list(twist.slos) == ["fair"]
    assert twist.slos["fair"].target == 0.9 and exam.slos["fair"].target != 0.9
    assert twist.slos["fair"].good == exam.slos["fair"].good
    assert ScenarioSpec.model_validate(yaml.safe_load(twist.text)) == twist.spec


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("title: Impatient customers\n", "", "title: Field required"),
        ("title: Impatient", "titel: Impatient", "title: Field required"),
        ("brief:", "mores: 1\nbrief:", "mores: Extra inputs"),
        ("trials: [{id: strict, title: a strict day}]", "", "trials: Field required"),
        ("seconds: 2,", "seconds: 40,", "trials.strict: takes 40 s, and 26 s are the most"),
        ("seconds: 2,", "seconds: -2,", "timeline.0.seconds: "),
        ("fair: {trials: [strict]}", "fair: {trials: [other]}", "objectives.fair.trials: no trial 'other'"),
        ("a strict day}", "a strict day, experiment: no.yaml}", "trials.strict: experiment: no.yaml does not exist"),
        ("{target: 0.9}", "{target: 9}", "spec.objectives.0.target: "),
        ("{name: fair}", "{name: kind}", "slos: 'kind' is not in objectives"),
        ("  fair: {trials", "  kind: {trials", "slos: 'fair' is not in objectives"),
        ("reference: stands, ", "", "proof: says nothing of the control 'reference'"),
        ("fake-swallow: fair", "fake-gulp: fair", "proof.fake-gulp: there is no control 'fake-gulp'"),
        ("fake-swallow: fair", "fake-swallow: kind", "proof.fake-swallow: 'kind' is neither 'stands' nor an objective"),
        ("reference: stands", "reference: fair", "proof: the reference falls, so mend.patch and `mended: stands`"),
        ("fake-swallow: fair", "mended: stands", "proof.mended: there is no control 'mended'"),
        ("questions:\n", "questions: []\nwhat:\n", "questions: "),
        (TWIST, "- a list", "top level: must be keys and values"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_field(path: Path, old: str, new: str, says: str) -> None:
    assert old in TWIST
    path.write_text(TWIST.replace(old, new))

    with pytest.raises(BadInput) as refused:
        read(path)

    assert str(refused.value).startswith(f"{path}: ") and says in str(refused.value), refused.value


def test_a_mend_is_the_reference_with_a_patch_that_fits(path: Path) -> None:
    mend = path.parent / "impatient" / "mend.patch"
    mend.parent.mkdir()
    path.write_text(TWIST.replace("fake-swallow: fair", "mended: stands"))
    name = next(iter(read_tree := read_reference()))
    first = read_tree[name].decode().splitlines(keepends=True)[0]
    mend.write_text(f"--- a/{name}\n+++ b/{name}\n@@ -1 +1,2 @@\n {first}+# mended\n")

    assert read(path).edited(MENDED) != read(path).edited("reference")

    mend.write_text(f"--- a/{name}\n+++ b/{name}\n@@ -1 +1,2 @@\n other\n+# mended\n")
    with pytest.raises(BadInput, match="hunk 1"):
        read(path)


def read_reference() -> dict[str, bytes]:
    exam = catalog.find_scenario(catalog.find_lab("desk"))
    return {str(name): file.data for name, file in exam.edited("reference").items()}


@pytest.mark.slow
def test_a_twist_is_read_aloud_held_with_a_chart_and_talked_about(desk: Course, path: Path) -> None:
    def twist(control: str, *more: str) -> tuple[int, str, str]:
        folder = desk.root / "scenarios" / "desk" / "controls" / control
        done = desk.lab("twist", "desk", "--submission", str(folder), "--runtime", "process", "--seed", "3", *more)
        return done.returncode, done.stdout, done.stderr

    fell, said, told = twist("fake-swallow")
    words = " ".join(said.split())

    assert fell == 1, said + told
    assert "Twist impatient: Impatient customers. Customers have become impatient." in words
    assert "✗ missed" in said and " good " in said and " bad " in said
    assert "Worst second" in said and "Who is turned away?" in said
    assert "those with a name" not in said, "the candidate looks on"
    assert re.search("lab twist desk impatient --seed 3 --submission .*fake-swallow.* --runtime process", words)

    stood, said, told = twist("reference", "--json")

    assert stood == 0, told
    result = json.loads(said)
    assert [o["id"] for o in result["objectives"]] == ["fair"] and result["objectives"][0]["target"] == 0.9
    assert "Customers have become impatient." in " ".join(told.split())
    assert not (desk.root / "work").exists()


def test_twists_are_listed_without_what_becomes_of_whom(desk: Course, path: Path) -> None:
    said = desk.lab("twist", "desk", "--list").stdout

    assert "impatient" in said and "Impatient customers" in said
    assert "stands" not in said and "fake" not in said


def test_what_good_answers_name_is_told_before_the_talk(desk: Course, path: Path) -> None:
    said = " ".join(desk.lab("twist", "desk", "impatient", "--notes").stdout.split())

    assert "Who is turned away? A good answer names those with a name that is not expected." in said
    assert "- reference stands - fake-swallow misses fair" in said


def test_a_lab_without_the_twist_says_so(desk: Course) -> None:
    without, none = desk.lab("twist", "desk", "--submission", "."), desk.lab("twist", "desk", "--list")
    other_lab = desk.root / "scenarios" / "other" / "twists"
    other_lab.mkdir(parents=True)
    (other_lab / "calm.yaml").write_text(TWIST)
    with_others = desk.lab("twist", "desk", "--list")
    (desk.root / "scenarios" / "desk" / "twists").mkdir()
    (desk.root / "scenarios" / "desk" / "twists" / "impatient.yaml").write_text(TWIST)
    other = desk.lab("twist", "desk", "impatiens", "--submission", ".")

    assert {done.returncode for done in (without, none, with_others, other)} == {2}
    assert "has no twists; each is a file in" in without.stderr and "has no twists" in none.stderr
    assert "has no twists; these labs have some: other" in with_others.stderr
    assert "did you mean impatient?" in other.stderr


@pytest.mark.slow
def test_a_twist_whose_controls_come_out_otherwise_does_not_hold(path: Path) -> None:
    path.write_text(TWIST.replace("fake-swallow: fair", "fake-swallow: stands"))

    rows = verify_twist(read(path), runtime("process"), seed=1)

    assert [(row.control, row.got, row.holds) for row in rows] == [
        ("impatient/reference", "pass", True),
        ("impatient/fake-swallow", "fail", False),
    ]


def test_twists_are_found_and_not_listed(path: Path) -> None:
    exam = catalog.find_scenario(catalog.find_lab("desk"))
    (path.parent / "notes.md").write_text("no twist")
    (path.parent / "impatient").mkdir()
    (path.parent / "impatient" / "experiment.yaml").write_text("no twist")

    assert find(exam) == {"impatient": path}
