"""Twists: a further change of a lab's world, for the talk with who mended it. Each is a file, written like a trial."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field

from grader.course.control import Control
from grader.course.patch import Tree, applied
from grader.course.reading import read_yaml, validate
from grader.course.slo import changed_slos
from grader.course.spec import Scenario, ScenarioSpec
from grader.course.strict import Strict
from grader.errors import BadInput

TWISTS = "twists"
STANDS = "stands"
MENDED = "mended"
"""The name of the reference with a twist's mend.patch among the controls that prove it."""

LONGEST_S = 26.0
"""Of a twist's timeline: with start and end it is half a minute."""

_OWN = ("trials", "objectives", "parallel", "cores", "rounds")
"""Keys of scenario.yaml that a twist never takes over from the exam."""


class Question(Strict):
    """One for the talk, and what a good answer names."""

    ask: str = Field(min_length=1)
    names: str = Field(min_length=1)


class Told(Strict):
    """What a twist says beside the keys of scenario.yaml.

    Attributes:
        title: a few words.
        brief: what has changed in the world, to be read aloud.
        proof: of controls, `stands`, or the objective that they have to miss; of the reference always.
        questions: for the talk.
        slos: OpenSLO documents as in slo.yaml; of an objective of the exam only what differs.
    """

    title: str = Field(min_length=1, max_length=60)
    brief: str = Field(min_length=1, max_length=600)
    proof: dict[str, str]
    questions: tuple[Question, ...] = Field(min_length=1)
    slos: tuple[Any, ...] = ()


class Twist(Scenario):
    """A twist, as an exam of its own: that of the lab with other trials and objectives.

    Raises:
        BadInput: anything in it is malformed; names file and key.
    """

    def __init__(self, exam: Scenario, path: Path) -> None:
        self.exam, self.path, self.name = exam, path, path.stem
        self.folder, self.lab = exam.folder, exam.lab
        document = read_yaml(path)[0]
        if not isinstance(document, dict):
            raise BadInput(f"{path}: top level: must be keys and values")
        keys = {key for key in ScenarioSpec.model_fields if key != "lab"}
        self.told = validate(Told, {key: value for key, value in document.items() if key not in keys}, path)
        self._world = self._merged({key: value for key, value in document.items() if key in keys})
        self.spec = validate(ScenarioSpec, self._world, path)
        self.slos = changed_slos(exam.slos, self.told.slos, self.spec.objectives, path)
        self.slo_files = dict.fromkeys(self.slos, path)
        self._check(path)
        self._check_length()
        self._check_proof()

    def _merged(self, own: dict[str, Any]) -> dict[str, Any]:
        given: dict[str, Any] = self.exam.document
        once = {"rounds": 1, "parallel": len(own.get("trials") or [0])}
        return {key: value for key, value in given.items() if key not in _OWN} | once | own

    def _check_length(self) -> None:
        if self.spec.parallel < len(self.spec.trials):
            raise BadInput(f"{self.path}: parallel: all trials of a twist run side by side")
        for trial in self.spec.trials:
            seconds = sum(phase.seconds for phase in self.spec.phases(trial.id))
            if seconds > LONGEST_S:
                raise BadInput(f"{self.path}: trials.{trial.id}: takes {seconds:g} s, and {LONGEST_S:g} s are the most")

    def _check_proof(self) -> None:
        where, known = f"{self.path}: proof", [*self.exam.controls, *([MENDED] if self.mend.is_file() else [])]
        for name, outcome in self.told.proof.items():
            if name not in known:
                raise BadInput(f"{where}.{name}: there is no control {name!r}")
            if outcome not in (STANDS, *self.spec.objectives):
                raise BadInput(f"{where}.{name}: {outcome!r} is neither {STANDS!r} nor an objective of the twist")
        if "reference" not in self.told.proof:
            raise BadInput(f"{where}: says nothing of the control 'reference'")
        if self.told.proof["reference"] != STANDS and self.told.proof.get(MENDED) != STANDS:
            raise BadInput(f"{where}: the reference falls, so {self.mend.name} and `{MENDED}: {STANDS}` are needed")
        if self.mend.is_file():
            self.edited(MENDED)

    @property
    def mend(self) -> Path:
        """The change of the reference that is known to mend it, if there is one."""
        return self.path.with_suffix("") / "mend.patch"

    @property
    def observers(self) -> Path:
        own = self.path.with_suffix("") / "exam.py"
        return own if own.is_file() else super().observers

    @property
    def text(self) -> str:
        return yaml.safe_dump(self._world, sort_keys=False, allow_unicode=True, width=120)

    def edited(self, control: str) -> Tree:
        if control != MENDED:
            return self.exam.edited(control)
        return applied(self.mend, self.exam.edited("reference"))

    @cached_property
    def _controls(self) -> dict[str, tuple[Control, Tree]]:
        return self.exam._controls

    def proven(self) -> dict[str, Control]:
        """What is known of controls under this twist."""
        named = {name: outcome if outcome != STANDS else None for name, outcome in self.told.proof.items()}
        others = tuple(self.spec.objectives)
        return {
            name: Control(kind="fake", story=self.told.title, fails=fails, also=others)
            if fails
            else Control(kind="alternative", story=self.told.title)
            for name, fails in named.items()
        }


def find(exam: Scenario) -> dict[str, Path]:
    """The files of an exam's twists, by name."""
    return {path.stem: path for path in sorted((exam.folder / TWISTS).glob("*.yaml"))}
