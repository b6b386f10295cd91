"""Descriptions of labs, scenarios and objectives, checked whole before anything starts.

Unknown keys are refused, SQL and references are checked at load, and everything ends in frozen data.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from grader.drill import SLACK_S, DrillRules, Drills
from grader.errors import BadInput
from grader.observers import EvidenceSpec, ProbeSpec
from grader.patch import Tree, changed, tree
from grader.strict import Strict as Strict

SHIPPED = "shipped"
"""The name of the lab as it is among controls."""
Scalar = str | int | float | bool
_Model = TypeVar("_Model", bound=BaseModel)


class LabSpec(Strict):
    """lab.yaml: what the candidate gets. `minutes` is the time box; `open` lists what may be edited; `drill` says what
    an experiment of the candidate's own may be."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")
    title: str
    question: str
    level: Literal["beginner", "intermediate", "advanced", "scenario", "tools", "behavioural"]
    minutes: int = Field(gt=0, le=240)
    open: tuple[str, ...] = Field(min_length=1)
    pages: dict[str, str] = {}
    drill: DrillRules | None = None

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


class ScenarioSpec(Strict):
    """scenario.yaml; see docs/architecture.md for each key."""

    lab: str
    parallel: int = Field(1, ge=1, le=32)
    cores: float | None = Field(None, gt=0, le=64)
    rounds: int = Field(2, ge=1, le=5)
    load: str | None = None
    timeline: tuple[Phase, ...] = ()
    trials: tuple[TrialSpec, ...] = Field(min_length=1)
    probes: tuple[ProbeSpec, ...] = ()
    evidence: EvidenceSpec = EvidenceSpec()
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
        for trial in self.trials:
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
        for prompt in self.evidence.prompt:
            if prompt.probe not in {probe.name for probe in self.probes}:
                raise ValueError(f"evidence.prompt: no probe {prompt.probe!r}")
            if missing := set(prompt.phases) - {
                phase.phase for trial in self.trials for phase in self.phases(trial.id)
            }:
                raise ValueError(f"evidence.prompt.{prompt.probe}.phases: no trial has a phase {sorted(missing)[0]!r}")
        return self


class Control(Strict):
    """controls/<name>/control.yaml: a submission whose verdict is known.

    Attributes:
        kind: `shipped` has no files of its own; a reference and an alternative pass, and so does a stranger, an honest
            design made from the brief by others; a fake fails.
        story: who would hand this in, and why it looks fixed.
        fails: the objective it must fail on (shipped and fakes).
        also: objectives that it may fail as well, because they cannot be told apart.
        base: another control, whose files this one changes, so that a fake shows only what it spoils; else the lab's.
    """

    kind: Literal["shipped", "reference", "alternative", "fake", "stranger"]
    story: str
    fails: str | None = None
    also: tuple[str, ...] = ()
    base: str | None = None

    @model_validator(mode="after")
    def _named(self) -> Control:
        if (self.kind in ("shipped", "fake")) != (self.fails is not None):
            raise ValueError("fails: a shipped lab or a fake names the objective it fails; others name none")
        return self


class _MetricSpec(Strict):
    query: str


class _MetricSource(Strict):
    type: Literal["Brownout"]
    spec: _MetricSpec


class _Metric(Strict):
    metricSource: _MetricSource


class _Ratio(Strict):
    counter: Literal[True]
    good: _Metric
    total: _Metric


class _Indicator(Strict):
    ratioMetric: _Ratio


class _IndicatorHolder(Strict):
    metadata: dict[str, str]
    spec: _Indicator


class _Target(Strict):
    displayName: str
    target: float = Field(gt=0, lt=1)


class _TimeWindow(Strict):
    duration: str = Field(pattern=r"^[1-9][0-9]*[mhdwMQY]$")
    isRolling: bool


class _SloBody(Strict):
    description: str
    service: str
    indicator: _IndicatorHolder
    timeWindow: tuple[_TimeWindow, ...] = Field(min_length=1, max_length=1)
    budgetingMethod: Literal["Occurrences"]
    objectives: tuple[_Target, ...] = Field(min_length=1, max_length=1)


class _Metadata(Strict):
    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    displayName: str


class Slo(Strict):
    """One OpenSLO v1 document, restricted to one ratio indicator over events and one target."""

    apiVersion: Literal["openslo/v1"]
    kind: Literal["SLO"]
    metadata: _Metadata
    spec: _SloBody

    @property
    def id(self) -> str:
        return self.metadata.name

    @property
    def title(self) -> str:
        return self.metadata.displayName

    @property
    def target(self) -> float:
        """Ratio of good among valid events."""
        return self.spec.objectives[0].target

    @property
    def good(self) -> str:
        """SQL expression over one event."""
        return self.spec.indicator.spec.ratioMetric.good.metricSource.spec.query

    @property
    def total(self) -> str:
        """SQL expression over one event: whether it counts."""
        return self.spec.indicator.spec.ratioMetric.total.metricSource.spec.query


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


class Scenario:
    """A scenario's folder with all its descriptions read and checked.

    Raises:
        BadInput: anything in it is malformed; names file and key.
    """

    def __init__(self, folder: Path, lab: Lab) -> None:
        self.folder = folder
        self.lab = lab
        self.spec = parse(ScenarioSpec, folder / "scenario.yaml")
        if self.spec.lab != lab.id:
            raise BadInput(f"{folder / 'scenario.yaml'}: lab: is {self.spec.lab!r}, expected {lab.id!r}")
        found = resolved_slos(folder / "slo.yaml", lab.folder / "rehearsal" / "slo.yaml", self.spec.objectives)
        self.slos = {name: slo for name, (slo, _) in found.items()}
        self.slo_files = {name: path for name, (_, path) in found.items()}
        for trial in self.spec.trials:
            if not (folder / trial.experiment).is_file():
                raise BadInput(f"{folder}: trial {trial.id}: {trial.experiment} does not exist")
            for problem in self._misfits(trial):
                raise BadInput(f"{folder / 'scenario.yaml'}: trials.{trial.id}: {problem}")
        if not self.load_file.is_file():
            raise BadInput(f"{folder}: {self.load_file.name} does not exist")

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
        """All controls, read and checked: what they name, and that their changes fit."""
        folder = self.folder / "controls"
        names = sorted(p.parent.name for p in folder.glob("*/control.yaml"))
        controls = {name: parse(Control, folder / name / "control.yaml") for name in names}
        for name, control in controls.items():
            for objective in filter(None, (control.fails, *control.also)):
                if objective not in self.slos:
                    raise BadInput(f"{folder / name / 'control.yaml'}: no objective {objective!r}")
        trees: dict[str | None, Tree] = {None: self._shipped}
        for name in _bases_first(controls, folder):
            trees[name] = changed(trees[controls[name].base], folder / name, self.lab.spec.open)
            if controls[name].kind == "shipped" and trees[name] != self._shipped:
                raise BadInput(f"{folder / name}: is the lab as shipped and has files of its own; remove them")
        return {name: (controls[name], trees[name]) for name in names}


def _bases_first(controls: Mapping[str, Control], folder: Path) -> list[str]:
    """Names of controls, each after its base."""
    bases = {name: control.base for name, control in controls.items() if control.base is not None}
    for name, base in bases.items():
        if base not in controls:
            raise BadInput(f"{folder / name / 'control.yaml'}: base: there is no control {base!r}")
    graph = {name: [bases[name]] if name in bases else [] for name in controls}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        name = error.args[1][0]
        raise BadInput(f"{folder / name / 'control.yaml'}: base: leads back to {name!r} itself") from None


def parse(model: type[_Model], path: Path) -> _Model:
    """A YAML file as `model`.

    Raises:
        BadInput: missing, not YAML, or not of that form; names the file and the key.
    """
    return validate(model, read_yaml(path)[0], path)


def read_yaml(path: Path) -> list[Any]:
    """All documents of a YAML file, at least one.

    Raises:
        BadInput: missing, not text, not YAML, or empty.
    """
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        documents = list(yaml.load_all(path.read_text("utf-8"), Loader=loader))
    except FileNotFoundError:
        raise BadInput(f"{path}: does not exist") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInput(f"{path}: cannot be read as YAML: {' '.join(str(error).split())}") from error
    if not documents:
        raise BadInput(f"{path}: is empty")
    return documents


def validate(model: type[_Model], document: Any, path: Path) -> _Model:
    """`document` as `model`; BadInput names the file and the first key that is wrong."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        problem: Any = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"]) or "top level"
        raise BadInput(f"{path}: {where}: {problem['msg']}") from error


def load_slos(path: Path) -> dict[str, Slo]:
    """The SLO documents of a slo.yaml, by id, in order."""
    return {name: validate(Slo, document, path) for name, document in _slo_documents(path).items()}


def save_slos(slos: Mapping[str, Slo], path: Path) -> None:
    """Write a slo.yaml that holds all of these documents whole."""
    documents = [slo.model_dump(mode="json") for slo in slos.values()]
    path.write_text(yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True, width=120), "utf-8")


def resolved_slos(path: Path, public: Path, wanted: Iterable[str]) -> dict[str, tuple[Slo, Path]]:
    """The objectives that a scenario.yaml names, in its order, each with the file that has its queries.

    Args:
        path: the scenario's slo.yaml. A document says only what differs from the one of that name in `public`; where
            all is as there, none is needed.
        public: the rehearsal's slo.yaml, which says all.
        wanted: ids.

    Raises:
        BadInput: an objective is malformed or not whole, or is in one of slo.yaml and scenario.yaml only.
    """
    given = _slo_documents(public) if public != path and public.is_file() else {}
    own = _slo_documents(path) if path.exists() or not given else {}
    wanted = list(wanted)
    if odd := sorted(set(own) - set(wanted)) + sorted(set(wanted) - set(own) - set(given)):
        raise BadInput(f"{path.parent}: objective {odd[0]!r} must be in both slo.yaml and scenario.yaml")
    found = {name: (validate(Slo, document, public), public) for name, document in given.items()}
    for name, document in own.items():
        queries = public if name in given and "indicator" not in document.get("spec", {}) else path
        found[name] = (validate(Slo, _merged(given.get(name), document), path), queries)
    return {name: found[name] for name in wanted}


class _Named(BaseModel):
    class Metadata(BaseModel):
        name: str

    metadata: Metadata


def _slo_documents(path: Path) -> dict[str, Any]:
    """Documents by the objective's name; what else they hold is not looked at."""
    found: dict[str, Any] = {}
    for document in read_yaml(path):
        name = validate(_Named, document, path).metadata.name
        if name in found:
            raise BadInput(f"{path}: an objective's name is used twice")
        found[name] = document
    return found


def _merged(given: Any, said: Any) -> Any:
    """What is given, with what is said in its place: mappings key by key, lists of one length item by item."""
    if isinstance(given, dict) and isinstance(said, dict):
        return given | {key: _merged(given.get(key), value) for key, value in said.items()}
    if isinstance(given, list) and isinstance(said, list) and len(given) == len(said):
        return [_merged(*pair) for pair in zip(given, said, strict=True)]
    return said


def drawn(parameters: Mapping[str, Scalar | Draw], rng: random.Random) -> dict[str, Scalar]:
    """Parameters with every draw made, in the order of their names."""
    return {k: v.draw(rng) if isinstance(v, Draw) else v for k, v in sorted(parameters.items())}
