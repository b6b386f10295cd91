"""Controls over draws: who has to pass burns at most half of each budget, a fake twice its own. Verdicts of some are
counted, which takes a second; all are played in virtual time, as slow tests."""

from __future__ import annotations

import importlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest

from grader.course import catalog
from grader.intake.controls import copy_control
from grader.labkit import import_rehearsal
from tests.labs.cast.model_pool.exams import check_luck, luck_cases
from tests.labs.modules import importable, world
from tests.labs.played import drawn, exam_of

ID = "ensemble-diversity"
SEEDS = range(1, 4)
COUNTED = {
    "wrong": "right",
    "wrong-again": "right",
    "away": "answered",
    "away-again": "answered",
    "mixed-again": "edges",
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("control", "seeds"), luck_cases(ID)[1:])
def test_a_control_burns_what_it_should(control: str, seeds: int) -> None:
    check_luck(ID, control, seeds)


class Deaf:
    """A counter of a jury whose figures nobody looks at."""

    def __init__(self, *_: Any) -> None: ...

    def labels(self, *_: str) -> Deaf:
        return self

    def inc(self) -> None: ...


class Seen(NamedTuple):
    """A label in an exam: the objective that counts it, its digit, and what the readers see that answer."""

    objective: str
    digit: int
    said: dict[str, int]


@pytest.fixture(scope="module")
def labels() -> list[Seen]:
    """Those of some draws."""
    pytest.importorskip("onnxruntime")
    sealed = world(catalog.root() / "labs" / ID / "world")
    return [seen for seed in SEEDS for trial in ("first", "second") for seen in _drawn(trial, seed, sealed)]


def _drawn(trial: str, seed: int, sealed: SimpleNamespace) -> Iterator[Seen]:
    exam, models = exam_of(ID), sealed.reading.models()
    observers = import_rehearsal(str(exam.folder / "exam.py"), "exam")
    played = drawn(exam, trial, seed)
    given = played.record.parameters
    broken = [each.phase for each in played.phases if each.phase.startswith(("wrong", "away"))]
    acts = dict(zip(broken, observers.acts(given["plot"], given["draw"]), strict=True))
    sent: defaultdict[str, list[Any]] = defaultdict(list)
    for _, phase, _, label in played.arrivals():
        if label.segment == ("edged" if COUNTED.get(phase) == "edges" else "clean"):
            sent[phase].append(label)
    for phase, objective in COUNTED.items():
        kind, intake, way = acts.get(phase, ("", "", ""))
        met = observers.behind(intake) if intake else ()
        pictures = [label.json["pixels"] for label in sent[phase]]
        astray = [sealed.pictures.turned(each, way) for each in pictures] if kind == "turn" else pictures
        said = {
            name: model.read(astray if name in met else pictures)
            for name, model in models.items()
            if kind != "leave" or name not in met
        }
        for number, label in enumerate(sent[phase]):
            yield Seen(objective, label.digit, {name: digits[number] for name, digits in said.items()})


@pytest.mark.parametrize(
    ("control", "missed"),
    [("reference", set()), ("stand-in", set()), ("one-intake", {"right"}), ("cheapest-three", {"edges"})],
)
def test_whom_a_jury_asks_decides_what_it_misses(
    control: str, missed: set[str], labels: list[Seen], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exam = exam_of(ID)
    copy_control(exam, control, tmp_path)
    monkeypatch.setenv("READERS", "{}")
    with importable(tmp_path / "jury"), patch("prometheus_client.Counter", Deaf):
        vote, readers = (importlib.import_module(name) for name in ("vote", "readers"))
        of, bad = Counter(seen.objective for seen in labels), Counter[str]()
        for seen in labels:
            votes = [readers.Vote(name, seen.said[name], "") for name in vote.JURY if name in seen.said]
            bad[seen.objective] += vote.verdict(votes).digit != seen.digit

    burnt = {name: bad[name] / of[name] / (1 - exam.slos[name].target) for name in of}
    assert {name for name, burn in burnt.items() if burn >= 2} == missed, burnt
    assert exam.controls[control].fails or max(burnt.values()) <= 0.5, burnt
