"""Descriptions of labs, scenarios and objectives, checked whole before anything starts.

Unknown keys are refused, SQL and references are checked at load, and everything ends in frozen data.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, field_validator, model_validator

from grader.course.action import Action
from grader.course.casebook import FOLDER as CASEBOOK
from grader.course.casebook import CasebookSpec, expanded
from grader.course.control import SHIPPED, Control, read_controls
from grader.course.drill import SLACK_S, DrillRules, Drills
from grader.course.observers import EvidenceSpec, ExhibitSpec, ProbeSpec
from grader.course.patch import Tree, tree
from grader.course.reading import parse, read_yaml, validate
from grader.course.slo import Base, named_slos, resolved_slos
from grader.course.strict import Strict as Strict
from grader.course.watch import MOST_URLS, Watch
from grader.errors import BadInput

Scalar = str | int | float | bool

LAST_LOOK_S = 0.1
"""So long before the end of a trial an experiment looks for the last time."""


class LabSpec(Strict):
    """lab.yaml: what the candidate gets. `minutes` is the time box; `open` lists what may be edited; `drill` says what
    an experiment of the candidate's own may be; `actions` are the live page's own buttons; `watch` is what it
    draws of the lab's own figures; `restart` is false where edits take effect without `lab restart`."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")
    title: str
    question: str
    level: Literal["beginner", "intermediate", "advanced", "scenario", "tools", "behavioural"]
    minutes: int = Field(gt=0, le=240)
    open: tuple[str, ...] = Field(min_length=1)
    pages: dict[str, str] = {}
    drill: DrillRules | None = None
    actions: tuple[Action, ...] = Field((), max_length=8)
    watch: tuple[Watch, ...] = Field((), max_length=8)
    restart: bool = True

    @field_validator("watch")
    @classmethod
    def _few_urls(cls, watches: tuple[Watch, ...]) -> tuple[Watch, ...]:
        if len({figures.url for watch in watches for figures in watch.of}) > MOST_URLS:
            raise ValueError(f"at most {MOST_URLS} addresses are read")
        return watches

    @field_validator("open")
    @classmethod
    def _inside(cls, entries: tuple[str, ...]) -> tuple[str, ...]:
        for entry in entries:
            if entry.startswith("/") or ".." in Path(entry).parts:
                raise ValueError(f"{entry!r} must lie inside the lab's folder")
        return entries


class Phase(Strict):
    """A named stretch of a trial: `seconds` long, at `rate` requests per second."""

    phase: str
    seconds: float = Field(gt=0, le=600)
    rate: float = Field(ge=0, le=2000)


class Draw(Strict):
    """A parameter that is drawn for each trial from the seed; exactly one of the three."""

    choice: tuple[Scalar, ...] | None = None
    uniform: tuple[float, float] | None = None
    integer: tuple[int, int] | None = None

    @model_validator(mode="after")
    def _one(self) -> Draw:
        if sum(x is not None for x in (self.choice, self.uniform, self.integer)) != 1:
            raise ValueError("needs exactly one of choice, uniform, integer")
        return self

    def draw(self, rng: random.Random) -> Scalar:
        """One value; numbers from `uniform` are rounded to four decimals."""
        if self.choice is not None:
            return rng.choice(self.choice)
        if self.uniform is not None:
            return round(rng.uniform(*self.uniform), 4)
        assert self.integer is not None
        return rng.randint(*self.integer)


TIMELINE = "timeline"
"""What a `Traffic` is told of its phases, beside its parameters; so no parameter has this name."""


class TrialSpec(Strict):
    """One kind of trial: its experiment, its parameters (literals or draws) and, if not the scenario's, its timeline.

    `title` is what a candidate sees in reports; it must not give the cause away. Default: "trial <n>".
    `system` names a control that is deployed in place of the submission; `drill` has the submission's own experiment
    run on it.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str = ""
    experiment: str = "experiment.yaml"
    parameters: dict[str, Scalar | Draw] = {}
    timeline: tuple[Phase, ...] = ()
    system: str = Field("", pattern=r"^([a-z][a-z0-9-]*)?$")
    drill: Drills | None = None


class Window(Strict):
    """Where an objective is judged: which trials, which phases (none named: all)."""

    trials: tuple[str, ...] = Field(min_length=1)
    phases: tuple[str, ...] = ()
    kind: Literal["request", "probe"] = "request"


class MoreSpec(Strict):
    """How far an exam goes past its planned rounds while an objective is too close to tell.

    `rounds` at most: one more lets most designs at half or twice their budget be proven, a further one adds little
    (docs/adr/0076). `seconds` of the whole exam, within which the last round must fit; default twice what its planned
    rounds took.
    """

    rounds: int = Field(default=1, ge=0, le=5)
    seconds: float | None = Field(default=None, gt=0, le=600)


class ScenarioSpec(Strict):
    """scenario.yaml; see docs/architecture.md for each key."""

    lab: str
    casebook: CasebookSpec | None = None
    parallel: int = Field(1, ge=1, le=32)
    cores: float | None = Field(None, gt=0, le=64)
    rounds: int = Field(2, ge=1, le=5)
    more: MoreSpec = MoreSpec()
    load: str | None = None
    timeline: tuple[Phase, ...] = ()
    trials: tuple[TrialSpec, ...] = Field(min_length=1)
    probes: tuple[ProbeSpec, ...] = ()
    evidence: EvidenceSpec = EvidenceSpec()
    exhibits: tuple[ExhibitSpec, ...] = Field((), max_length=12)
    objectives: dict[str, Window] = Field(min_length=1)

    def phases(self, trial_id: str) -> tuple[Phase, ...]:
        """The timeline of a trial."""
        return self.trial(trial_id).timeline or self.timeline

    def trial(self, trial_id: str) -> TrialSpec:
        """The trial of that id; KeyError if there is none."""
        for trial in self.trials:
            if trial.id == trial_id:
                return trial
        raise KeyError(trial_id)

    @model_validator(mode="after")
    def _references(self) -> ScenarioSpec:
        ids = [trial.id for trial in self.trials]
        if len(set(ids)) != len(ids):
            raise ValueError("trials: an id is used twice")
        if len({exhibit.name for exhibit in self.exhibits}) != len(self.exhibits):
            raise ValueError("exhibits: a name is used twice")
        for trial in self.trials:
            if TIMELINE in trial.parameters:
                raise ValueError(f"trials.{trial.id}: parameters.{TIMELINE}: every load.py is told that of its phases")
            if not self.phases(trial.id):
                raise ValueError(f"trials.{trial.id}: has no timeline, and the scenario has none")
        for name, window in self.objectives.items():
            for trial_id in window.trials:
                if trial_id not in ids:
                    raise ValueError(f"objectives.{name}.trials: no trial {trial_id!r}")
                phases = {phase.phase for phase in self.phases(trial_id)}
                if missing := set(window.phases) - phases:
                    raise ValueError(f"objectives.{name}.phases: trial {trial_id} has no phase {sorted(missing)[0]!r}")
        return self

    @model_validator(mode="after")
    def _evidence(self) -> ScenarioSpec:
        for ledger in self.evidence.ledgers:
            if strange := set(ledger.trials) - {trial.id for trial in self.trials}:
                raise ValueError(f"evidence.ledgers.{ledger.name}.trials: no trial {sorted(strange)[0]!r}")
        known = {phase.phase for trial in self.trials for phase in self.phases(trial.id)}
        for probe in self.probes:
            if missing := set(probe.phases) - known:
                raise ValueError(f"probes.{probe.name}.phases: no trial has a phase {sorted(missing)[0]!r}")
        for prompt in self.evidence.prompt:
            if prompt.probe not in {probe.name for probe in self.probes}:
                raise ValueError(f"evidence.prompt: no probe {prompt.probe!r}")
            if missing := set(prompt.phases) - known:
                raise ValueError(f"evidence.prompt.{prompt.probe}.phases: no trial has a phase {sorted(missing)[0]!r}")
        return self


DETAILS = "DETAILS.md"


class Lab:
    """A lab's folder and its lab.yaml."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spec = parse(LabSpec, folder / "lab.yaml")
        if self.spec.id != folder.name:
            raise BadInput(f"{folder / 'lab.yaml'}: id: {self.spec.id!r} must be the folder's name, {folder.name!r}")

    @property
    def id(self) -> str:
        return self.spec.id

    @property
    def brief(self) -> str:
        """The README, Markdown."""
        return (self.folder / "README.md").read_text("utf-8")

    @property
    def details(self) -> str:
        """The page beside the brief with the rest of what is promised, Markdown; empty where the brief has it all."""
        path = self.folder / DETAILS
        return path.read_text("utf-8") if path.is_file() else ""

    @property
    def contract(self) -> str:
        """Brief and details: all that a candidate is told and the exam may ask."""
        return f"{self.brief.rstrip()}\n\n{self.details}"


class Scenario:
    """A scenario's folder with all its descriptions read and checked.

    Raises:
        BadInput: anything in it is malformed; names file and key.
    """

    def __init__(self, folder: Path, lab: Lab) -> None:
        self.folder = folder
        self.lab = lab
        self.document = self._document(folder / "scenario.yaml")
        self.spec = validate(ScenarioSpec, self.document, folder / "scenario.yaml")
        if self.spec.lab != lab.id:
            raise BadInput(f"{folder / 'scenario.yaml'}: lab: is {self.spec.lab!r}, expected {lab.id!r}")
        service = self.spec.casebook.service if self.spec.casebook else ""
        base = Base(lab.folder.parent / CASEBOOK / "slo.yaml", service) if service else None
        found = resolved_slos(*self._slo_yaml, self.spec.objectives, base)
        self.slos = {name: slo for name, (slo, _) in found.items()}
        self.slo_files = {name: path for name, (_, path) in found.items()}
        self._check(folder / "scenario.yaml")

    def _document(self, source: Path) -> Any:
        """scenario.yaml, with what follows from its block `casebook`."""
        document = read_yaml(source)[0]
        if not isinstance(document, dict) or "casebook" not in document:
            return document
        objectives = document.get("objectives") or named_slos(*self._slo_yaml)
        is_exam = self.folder != self.lab.folder / "rehearsal"
        return expanded(document, source, self.lab.folder, list(objectives), exam=is_exam)

    @property
    def _slo_yaml(self) -> tuple[Path, Path]:
        """The scenario's slo.yaml and the rehearsal's."""
        return self.folder / "slo.yaml", self.lab.folder / "rehearsal" / "slo.yaml"

    def configuration(self, trial_id: str) -> dict[str, Scalar]:
        """What an experiment may name beside the trial's parameters: `end_s`, the last moment of the trial in which
        things can be seen, and of a lab with a casebook its service, `casebook`, and `closed`."""
        end_s = round(sum(phase.seconds for phase in self.spec.phases(trial_id)) - LAST_LOOK_S, 3)
        book = self.spec.casebook
        known: dict[str, Scalar] = {"end_s": end_s}
        return known | ({"casebook": book.service, "closed": book.closed} if book else {})

    def _check(self, source: Path) -> None:
        """That all files which `source`, the description, leads to are there, and fit."""
        for trial in self.spec.trials:
            if not (self.folder / trial.experiment).is_file():
                raise BadInput(f"{source}: trials.{trial.id}: experiment: {trial.experiment} does not exist")
            for problem in self._misfits(trial):
                raise BadInput(f"{source}: trials.{trial.id}: {problem}")
        if not self.load_file.is_file():
            raise BadInput(f"{source}: load: {self.load_file} does not exist")

    @property
    def text(self) -> str:
        """scenario.yaml, as a run folder keeps it."""
        if self.spec.casebook is None:
            return (self.folder / "scenario.yaml").read_text("utf-8")
        return yaml.safe_dump(self.document, sort_keys=False, allow_unicode=True, width=120)

    def _misfits(self, trial: TrialSpec) -> Iterator[str]:
        """What does not fit between a trial, the controls and the lab's drill."""
        if trial.system not in ("", "shipped") and not (self.folder / "controls" / trial.system).is_dir():
            yield f"system: there is no control {trial.system!r}"
        if trial.drill is None:
            return
        if self.lab.spec.drill is None:
            yield "drill: lab.yaml says nothing of a drill"
        elif trial.drill.every_s < self.lab.spec.drill.seconds + SLACK_S:
            yield f"drill.every_s: must be {self.lab.spec.drill.seconds + SLACK_S:g} s or more for the lab's drill"
        if trial.drill.end_s() > sum(phase.seconds for phase in self.spec.phases(trial.id)):
            yield f"drill: the last run ends at {trial.drill.end_s():g} s, after the timeline"

    @property
    def load_file(self) -> Path:
        """load.py of the scenario, or of the lab's rehearsal where the scenario has none."""
        if self.spec.load:
            return (self.folder / self.spec.load).resolve()
        own = self.folder / "load.py"
        return own if own.is_file() else self.lab.folder / "rehearsal" / "load.py"

    @property
    def observers(self) -> Path:
        """The module with the functions that probes name."""
        return self.folder / "exam.py"

    @property
    def controls(self) -> dict[str, Control]:
        """Controls by name; every folder of controls/ is one."""
        return {name: control for name, (control, _) in self._controls.items()}

    def edited(self, control: str) -> Tree:
        """The lab's open files as a control has them; `shipped` is always there."""
        return self._shipped if control == SHIPPED else self._controls[control][1]

    @cached_property
    def _shipped(self) -> Tree:
        return tree(self.lab.folder, self.lab.spec.open)

    @cached_property
    def _controls(self) -> dict[str, tuple[Control, Tree]]:
        return read_controls(self.folder / "controls", self._shipped, self.lab.spec.open, self.slos)


def drawn(parameters: Mapping[str, Scalar | Draw], rng: random.Random) -> dict[str, Scalar]:
    """Parameters with every draw made, in the order of their names."""
    return {k: v.draw(rng) if isinstance(v, Draw) else v for k, v in sorted(parameters.items())}
