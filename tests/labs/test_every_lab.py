"""What `lab lint` asks of every lab, and that each question can be answered with no."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from grader.authoring.audit.lab import audit
from grader.authoring.audit.recording import load, path_of
from grader.authoring.lint.checks import Report, lint
from grader.cli import author
from grader.course import catalog
from grader.course.spec import Lab
from grader.errors import BadInput
from grader.practice import rig
from grader.proof import ledger
from tests.grader.course import REPOSITORY, Course
from tests.waiting import eventually

LABS = catalog.lab_ids()
SHIPPED = [lab_id for lab_id in LABS if not catalog.is_draft(lab_id)]
"""Of a draft only what needs no system is asked."""
ACTIONS = "actions: [{{id: a, title: Do, does: It is done., steps: [{{service: office, port: {}, path: {}}}]}}]\n"
WATCH = 'watch: [{{title: Who waits, of: [{{url: "http://{}/metrics", name: queue}}]}}]\n'


@pytest.mark.parametrize("lab_id", LABS)
def test_every_lab(lab_id: str) -> None:
    found = lint(lab_id)

    assert found.findings == ()
    assert not [remark for remark in found.remarks if "found no more" in remark]


@pytest.mark.parametrize("lab_id", SHIPPED)
def test_every_audit_is_mended_or_explained(lab_id: str) -> None:
    scenario = catalog.find_scenario(catalog.find_lab(lab_id))

    report = audit(scenario, load(path_of(scenario)))

    assert not report.open
    assert not [note for note in report.notes if "found no more" in note]


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("calm_lab", SHIPPED, indirect=True)
def test_every_lab_shows_its_pages_and_its_rehearsal_misses_as_shipped(calm_lab: Lab, course: Course) -> None:
    started = course.lab("start", calm_lab.id, "--runtime", "process", timeout_s=180)
    assert started.returncode == 0, started.stderr
    try:
        pages = rig.pages(calm_lab, rig.require(calm_lab.id))
        answers = {page: httpx.get(url, trust_env=False, timeout=20) for page, url in pages.items()}
        if (calm_lab.folder / "world" / "world.py").is_file():
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


def looked() -> Report:
    return lint("toy")


@pytest.mark.parametrize("shape", ["traffic", "decision"])
def test_a_new_lab_has_all_that_it_must(make: Callable[[str], Path], shape: str) -> None:
    make(shape)

    found = looked()

    assert found.findings == ()
    assert [remark.partition(": ")[0] for remark in found.remarks] == ["scenarios/toy/ledger.jsonl"]


BRIEF, LAB, SYSTEM = "labs/toy/README.md", "labs/toy/lab.yaml", "labs/toy/compose.yaml"
PLAN, WORLD, DRAW = "labs/toy/public/plan.json", "labs/toy/world/world.py", "scenarios/toy/draw.py"
HINTS, DEBRIEF, NOTES = (f"scenarios/toy/{name}.md" for name in ("hints", "debrief", "notes"))
EXAM, FAKE, OTHER = (
    "scenarios/toy/scenario.yaml",
    *(f"scenarios/toy/controls/{control}/control.yaml" for control in ("fake-same-amount", "alternative")),
)
SLO, TOLD = "labs/toy/rehearsal/slo.yaml", "No bill is paid twice\n  promise: A bill that was paid before is"
MORE = 'def public_files(plan):\n    return {"more.txt": plan["seed"]}\n\n\ndef public() -> Plan[Bill]:'
PLANNED = ["not what draw.py draws"]
TELLS = 'tell(case["id"], "paid", '


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (BRIEF, "# The bill", "# A bill", ["begin with the title"]),
        (BRIEF, "\n\nThe office asks", "\n\n## Calls\n\nThe office asks", []),
        (BRIEF, "\n\nTravellers", "\n\n## Story\n\nTravellers", ["who is hurt"]),
        (BRIEF, "You are", "word " * 900 + "You are", ["words; move some to DETAILS.md"]),
        (BRIEF, "## Ten minutes", "## Ten hours", ["say under '## Ten minutes'"]),
        (BRIEF, "`paid`", "`payed`", ["promise the objective `paid`"]),
        (SLO, f"title: {TOLD}", "title: Debts\n  promise: A debt is", ["promise `once` in the words of slo.yaml"]),
        (BRIEF, "`once`", "\n| `once` | at least 91 % |\n\nno bill is paid twice (`once`", ["10 % or 90 %"]),
        (BRIEF, "You are", "\n## Objectives\n\n| `fair` | yes |\n", ["`fair` out"]),
        (BRIEF, "## Ten", "## Rules\n\nIt must never rain.\n\n## Ten", ['No objective sees that "It must never rain']),
        (BRIEF, "`lab ", "`the ", ["say what to type"]),
        (BRIEF, "`lab open", "`lab show", ["mend `lab show toy`"]),
        (BRIEF, "toy office", "other office", ["mend `lab open other`"]),
        (BRIEF, "toy office", "toy till", ["has only office"]),
        (HINTS, "## What is", "What is", ["3 hints or more"]),
        (HINTS, "## A way", "## A way\n## Another", ["below '## A way'"]),
        (DEBRIEF, "an interview", "any talk", ["double quotes"]),
        (DEBRIEF, "I decide", 'I do." "', ["25 words or more"]),
        (DEBRIEF, "Further", "No", ["further reading"]),
        (FAKE, "fails: paid", "fails: once", ["`fails: paid`"]),
        (OTHER, "kind: alternative", "kind: reference", ["of kind alternative"]),
        (EXAM, "trial: bills, title: bills", "trial: doubles, title: bills", []),
        (EXAM, "trial: bills, title: bills", "trial: doubles, title: doubles", ["tells of 'doubles'"]),
        (LAB, "minutes: 15", "minutes: 10", ["say once 'Time box: 10 minutes.'"]),
        (LAB, "minutes: 15", "minutes: 90", ["by the rule it is ", "say once 'Time box: 90 minutes.'"]),
        (BRIEF, "15 minutes", "20 minutes", ["say once 'Time box: 15 minutes.'"]),
        (BRIEF, "**Time box:** 15 minutes.", "", ["say once 'Time box: 15 minutes.'"]),
        (LAB, "[desk]", "[desk, rehearsal]", ["mount rehearsal/"] * 3),
        (LAB, "//office:8000", "//office:8001", ["page office"]),
        (LAB, "//office:8000", "//till:8000", ["page office"]),
        (LAB, "pages:", f"{WATCH.format('office:8001')}pages:", ["page of watch 'Who waits'"]),
        (LAB, "pages:", f"{WATCH.format('office:8000')}pages:", []),
        (LAB, "pages:", f"{ACTIONS.format(8000, '/paid')}pages:", ["/paid;"]),
        (LAB, "pages:", f"{ACTIONS.format(1, '/')}pages:", ["publish office:1"]),
        (LAB, "pages:", f"{ACTIONS.format(8000, '/')}pages:", []),
        (SYSTEM, "    command:", "    networks: [edge]\n    command:", ["internal"]),
        (PLAN, '"again"', '"new"', ["not what draw.py draws"]),
        (DRAW, "cases=32", "cases=36", ["not what draw.py draws"]),
        (DRAW, "def public() -> Plan[Bill]:", MORE, ["public/more.txt: is not what draw.py makes"]),
        (DRAW, "cases: int = 160", "cases: int = 2004", ["2000 questions"]),
        (WORLD, 'tell_rest(case["id"], ', TELLS, ["asks for 'once', of which"]),
        (
            DRAW,
            'asked": {KINDS[kind]: 1}',
            'asked": {"paid": 1, "fair": 1}',
            PLANNED + ["asks for 'fair'", "asks nothing for"],
        ),
        (WORLD, "def pictures", "def drawings", ["give the world a `pictures`"]),
        (WORLD, "def pictures", "def pictures of", ["is no Python"]),
    ],
)
def test_what_a_lab_lacks_is_named(make: Callable[[str], Path], file: str, old: str, new: str, says: list[str]) -> None:
    path = make("decision") / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))

    found = looked().findings

    assert len(found) == len(says), found
    for sentence in found:
        assert any(each in sentence for each in says), sentence
        assert "\n" not in sentence


@pytest.mark.parametrize("gone", [BRIEF, HINTS, DEBRIEF, NOTES])
def test_a_paper_that_is_missing_is_named_once(make: Callable[[str], Path], gone: str) -> None:
    (make("decision") / gone).unlink()

    [said] = looked().findings

    assert said.startswith(f"{gone}: is missing; ")


def test_a_half_of_a_public_plan_is_named(make: Callable[[str], Path]) -> None:
    root = make("decision")
    (root / "labs/toy/public/plan.json").unlink()

    with pytest.raises(BadInput, match="plan.json: does not exist; `lab plan toy --public` writes it"):
        looked()


def test_an_experiment_that_cannot_run_is_named(make: Callable[[str], Path]) -> None:
    root = make("decision")
    shared = (root / "labs/cast/lib/casebook/experiment.yaml").read_text()
    (root / "scenarios/toy/experiment.yaml").write_text(shared.replace("func: begun", "func: no"))
    (root / "labs/toy/rehearsal/experiment.yaml").write_text("title: x\ndescription: x\nmethod: [7]\n")

    assert [sentence.partition(": ")[0] for sentence in looked().findings] == ["trial bills", "trial public"]


def test_a_bound_that_is_close_is_named_and_may_be_explained(make: Callable[[str], Path]) -> None:
    exam = make("decision") / "scenarios" / "toy"
    for control, verdict, burn in (
        ("reference", "pass", 0.6),
        ("fake-same-amount", "fail", 1.9),
        ("shipped", "fail", 9),
    ):
        failed = {"fake-same-amount": ("paid",), "shipped": ("once",)}.get(control, ())
        burnt = dict.fromkeys(("once", "paid"), 0.1) | dict.fromkeys(failed or ("once",), burn)
        row = (control, "", "", "", verdict, "", failed, 9.0, 1, 1, burnt, "", "", "")
        ledger.enter(exam, ledger.Entry("process", *row))

    once, paid = looked().findings
    (exam / "audit.yaml").write_text(
        "lint:\n  - {says: '`once`: reference', why: The bound is what travellers were promised.}\n"
        "  - {says: nobody says this, why: It was true in the spring of last year.}\n"
    )
    explained = looked()

    assert "`once`: reference on process burns 0.60 of the budget, and has to pass" in once
    assert "`paid`: fake-same-amount on process burns 1.90 of the budget, and has to miss it" in paid
    assert explained.findings == (paid,)
    assert [remark for remark in explained.remarks if "'nobody says this' is found no more" in remark]


def test_the_command_says_what_it_found(make: Callable[[str], Path], course: Course) -> None:
    root = make("traffic")
    clean = course.lab("lint", "toy")
    (root / NOTES).unlink()
    found, every = course.lab("lint", "toy"), course.lab("lint", "--all", "--json")
    (root / LAB).write_text("id: toy\n")
    unread, nothing, unknown = course.lab("lint", "--all"), course.lab("lint"), course.lab("lint", "tay")

    assert (clean.returncode, clean.stdout) == (0, "toy: nothing is found\n")
    assert found.returncode == 1 and "toy: 1 finding\n  - scenarios/toy/notes.md: is missing;" in found.stdout
    assert every.returncode == 1
    [report] = json.loads(every.stdout)
    assert report["lab"] == "toy" and len(report["findings"]) == 1
    for done, says in ((unread, "lab.yaml: title"), (nothing, "say --all"), (unknown, "did you mean toy?")):
        assert (done.returncode, done.stdout) == (2, "") and says in done.stderr
        assert "Traceback" not in done.stderr
