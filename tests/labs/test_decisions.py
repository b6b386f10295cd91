"""Decision labs say only what is their own: what follows from it fits what is drawn, and what runs."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from grader.authoring.lint.lab import Looked
from grader.course import catalog
from grader.course.casebook import FASTEST, PATIENCE, drawn, expanded, public_plan, questions
from grader.course.spec import Lab, Scenario
from grader.errors import BadInput
from grader.load.plan import PlannedPhase
from grader.load.schedule import planned
from grader.load.traffic import make_traffic

LABS = catalog.root() / "labs"
SAID = {path.parents[1].name: path.read_text() for path in sorted(LABS.glob("*/rehearsal/scenario.yaml"))}
DECISIONS = [lab_id for lab_id, text in SAID.items() if "\ncasebook:" in text]


def asks(scenario: Scenario) -> int:
    phases = scenario.spec.timeline
    return sum(planned(PlannedPhase(phase=one.phase, start=0, seconds=one.seconds, rate=one.rate)) for one in phases)


@pytest.mark.parametrize("lab_id", DECISIONS)
def test_what_follows_fits_what_is_drawn_and_what_runs(lab_id: str) -> None:
    at = Looked(lab_id)
    for scenario, parameters in ((at.exam, {"plan_seed": 77}), (at.rehearsal, {})):
        [trial] = scenario.spec.trials
        book = scenario.spec.casebook
        assert book is not None and set(scenario.slos) == set(scenario.spec.objectives)
        assert asks(scenario) == len(make_traffic(scenario.load_file, parameters, 1, ()))  # type: ignore[arg-type]
        assert make_traffic(scenario.load_file, parameters, 1, ()).target == f"http://{book.service}:8000"
        assert at.system.services[book.service].published == (8000, 9000)
        assert PATIENCE.items() <= scenario.spec.evidence.model_dump().items()
        assert scenario.configuration(trial.id)["end_s"] == pytest.approx(book.seconds + book.waiting - 0.1)
        for name, slo in scenario.slos.items():
            assert f"name = '{name}'" in slo.total and "answer <> 'void'" in slo.total


def test_a_lab_is_said_in_eighty_lines() -> None:
    """On average, beside what its words mean: sixteen lines of compose.yaml, five of each objective, and a few."""
    found = [
        path
        for lab_id in DECISIONS
        for pattern in (f"labs/{lab_id}/*.yaml", f"labs/{lab_id}/rehearsal/*.yaml", f"scenarios/{lab_id}/*.yaml")
        for path in LABS.parent.glob(pattern)
        if path.name != "audit.yaml"
    ]
    explained = sum(
        len(slo.words) + bool(slo.words) for one in DECISIONS for slo in Looked(one).rehearsal.slos.values()
    )

    assert sum(path.read_text().count("\n") for path in found) - explained <= 80 * len(DECISIONS)


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A lab's folder with a public plan of three questions, and a draw.py that draws two."""
    lab = tmp_path / "labs" / "toy"
    (lab / "public").mkdir(parents=True)
    public_plan(lab).write_text('{"seed": 1, "cases": [{"id": "a", "asked": {"x": 2, "y": 1}}]}')
    (tmp_path / "scenarios" / "toy").mkdir(parents=True)
    (tmp_path / "scenarios" / "toy" / "draw.py").write_text(
        'def draw(seed):\n    return {"seed": seed, "cases": [{"id": "a", "asked": {"x": 2}}]}\n'
        "def public():\n    raise OSError('no disk')\n"
    )
    return lab


def test_questions_are_counted(toy: Path) -> None:
    assert (questions(toy, exam=True), questions(toy, exam=False)) == (2, 3)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "plan.json: does not exist; `lab plan toy --public` writes it"),
        ("{", "plan.json: cannot be read as JSON"),
        ('{"cases": [7]}', "plan.json: the cases of the plan are not of the form"),
        ('{"cases": []}', "plan.json: the plan asks nothing"),
    ],
)
def test_a_plan_that_cannot_be_counted_is_named(toy: Path, text: str | None, says: str) -> None:
    public_plan(toy).unlink() if text is None else public_plan(toy).write_text(text)
    with pytest.raises(BadInput, match=says):
        questions(toy, exam=False)


def test_a_draw_that_fails_is_named(toy: Path) -> None:
    with pytest.raises(BadInput, match=r"draw\.py: cannot draw a plan: OSError\('no disk'\)"):
        drawn(toy, None)
    with pytest.raises(BadInput, match=r"draw\.py: is no Python file"):
        drawn(toy.with_name("other"), 1)


@pytest.mark.parametrize(
    ("waiting", "phases"),
    [(3, [("questions", 2 / FASTEST, FASTEST), ("waiting", 5 - 2 / FASTEST, 0)]), (0, [("questions", 2, 1)])],
)
def test_questions_wait_for_answers_rather_than_answers_for_questions(
    toy: Path, waiting: float, phases: list[tuple[str, float, float]]
) -> None:
    (toy.parent / "cast").symlink_to(LABS / "cast")
    said = {"casebook": {"service": "b", "seconds": 2, "waiting": waiting}}

    found = expanded(said, toy.parents[1] / "scenarios" / "toy" / "scenario.yaml", toy, ["x"], exam=True)

    assert [(one["phase"], one["seconds"], one["rate"]) for one in found["timeline"]] == phases


def test_what_is_said_comes_first(toy: Path) -> None:
    (toy / "lab.yaml").write_text("{id: toy, title: t, question: q, level: beginner, minutes: 5, open: [desk]}")
    (toy / "rehearsal").mkdir()
    (toy / "rehearsal" / "load.py").write_text("")
    (toy / "rehearsal" / "experiment.yaml").write_text("method: []")
    (toy / "rehearsal" / "slo.yaml").write_text("x: {title: X, promise: '{target} %', target: 0.5}")
    (toy.parent / "cast").symlink_to(LABS / "cast")
    said = {"lab": "toy", "casebook": {"service": "b", "seconds": 2, "waiting": 0}, "evidence": {"slowdown": 3}}
    path = toy / "rehearsal" / "scenario.yaml"

    path.write_text(yaml.safe_dump(said))
    found = catalog.rehearsal(Lab(toy)).spec
    assert [(phase.phase, phase.rate) for phase in found.timeline] == [("questions", 1.5)]
    assert (found.evidence.slowdown, found.evidence.sent_share) == (3, 0.1)
    assert found.trials[0].experiment == "experiment.yaml"
