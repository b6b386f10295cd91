"""Objectives: OpenSLO v1 documents, and how an exam's slo.yaml stands on the rehearsal's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, Field

from grader.course.reading import read_yaml, validate
from grader.course.strict import Strict
from grader.errors import BadInput

Sentence = Annotated[str, Field(min_length=1, max_length=200)]


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
    words: dict[str, Sentence] = {}
    """What a word of an answer means, where the lab has words of its own: a short sentence each."""

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


class _Short(Strict):
    """An objective of a lab with a casebook. `{target}` in its promise stands for the target, in per cent; `good` is
    said where an answer is good that is not `right`; `words` are what the lab's own words of an answer mean."""

    title: str
    promise: str
    target: float = Field(gt=0, lt=1)
    good: str = ""
    words: dict[str, Sentence] = {}

    def over(self) -> dict[str, Any]:
        """What is said in a whole document's place."""
        said = self.promise.replace("{target}", f"{round(100 * self.target, 6):g}")
        good = {"good": {"metricSource": {"spec": {"query": self.good}}}} if self.good else {}
        return {
            "metadata": {"displayName": self.title},
            "spec": {
                "description": said,
                "indicator": {"spec": {"ratioMetric": good}},
                "objectives": [{"target": self.target}],
            },
        } | ({"words": self.words} if self.words else {})


@dataclass(frozen=True)
class Base:
    """The rest of an objective that is said in short: the file with a whole document, in which `$name` and `$service`
    stand for the objective's and the casebook's."""

    file: Path
    service: str

    def whole(self, name: str, short: _Short) -> Any:
        """The OpenSLO document."""
        try:
            text = Template(self.file.read_text("utf-8")).substitute(name=name, service=self.service)
        except (OSError, ValueError, KeyError) as error:
            raise BadInput(f"{self.file}: cannot be used for objectives in short: {error!r}") from error
        document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return _merged(document, short.over())


def load_slos(path: Path) -> dict[str, Slo]:
    """The SLO documents of a slo.yaml, by id, in order."""
    return {name: validate(Slo, document, path) for name, document in _slo_documents(path).items()}


def save_slos(slos: Mapping[str, Slo], path: Path) -> None:
    """Write a slo.yaml that holds all of these documents whole."""
    documents = [slo.model_dump(mode="json") for slo in slos.values()]
    path.write_text(yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True, width=120), "utf-8")


def resolved_slos(
    path: Path, public: Path, wanted: Iterable[str], base: Base | None = None
) -> dict[str, tuple[Slo, Path]]:
    """The objectives that a scenario.yaml names, in its order, each with the file that has its queries.

    Args:
        path: the scenario's slo.yaml. A document says only what differs from the one of that name in `public`; where
            all is as there, none is needed.
        public: the rehearsal's slo.yaml, which says all.
        wanted: ids.
        base: of a lab with a casebook, whose objectives may be said in short.

    Raises:
        BadInput: an objective is malformed or not whole, or is in one of slo.yaml and scenario.yaml only.
    """
    given = _said(public) if public != path and public.is_file() else {}
    own = _said(path) if path.exists() or not given else {}
    given, own = _lengthened(given, own, public, path, base)
    wanted = list(wanted)
    if odd := sorted(set(own) - set(wanted)) + sorted(set(wanted) - set(own) - set(given)):
        raise BadInput(f"{path.parent}: objective {odd[0]!r} must be in both slo.yaml and scenario.yaml")
    found = {name: (validate(Slo, document, public), public) for name, document in given.items()}
    for name, document in own.items():
        queries = public if name in given and "indicator" not in document.get("spec", {}) else path
        found[name] = (validate(Slo, _merged(given.get(name), document), path), queries)
    return {name: found[name] for name in wanted}


def named_slos(path: Path, public: Path) -> list[str]:
    """The objectives of a rehearsal, in order, and then those that the exam's slo.yaml adds.

    Raises:
        BadInput: a file is malformed.
    """
    return list(dict.fromkeys([*(_said(public) if public.is_file() else ()), *(_said(path) if path.is_file() else ())]))


def _said(path: Path) -> dict[str, Any]:
    """What a slo.yaml says of each objective: a part of an OpenSLO document, or a `_Short` or a part of it."""
    documents = read_yaml(path)
    if len(documents) == 1 and _is_short(documents[0]):
        return {
            name: {"target": value} if isinstance(value, (int, float)) else value
            for name, value in documents[0].items()
        }
    return _slo_documents(path)


def _is_short(document: Any) -> bool:
    return isinstance(document, dict) and bool(document) and not {"metadata", "apiVersion", "kind"} & set(document)


def _lengthened(
    given: Mapping[str, Any], own: Mapping[str, Any], public: Path, path: Path, base: Base | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the rehearsal says, and the exam over it, each that is in short made whole."""

    def long(name: str, said: Any, under: Any, source: Path) -> Any:
        if isinstance(said, dict) and "metadata" in said:
            return said
        if base is None:
            raise BadInput(f"{source}: objectives are said in short, which only a scenario.yaml with `casebook` can")
        both = {**under, **said} if isinstance(said, dict) and isinstance(under, dict) else said
        return base.whole(name, validate(_Holder, {"objectives": {name: both}}, source).objectives[name])

    return (
        {name: long(name, said, {}, public) for name, said in given.items()},
        {name: long(name, said, given.get(name, {}), path) for name, said in own.items()},
    )


class _Holder(Strict):
    objectives: dict[str, _Short]


def changed_slos(
    given: Mapping[str, Slo], documents: Iterable[Any], wanted: Iterable[str], path: Path
) -> dict[str, Slo]:
    """The objectives of these ids, as `given` or as a document of `path` changes or adds them.

    Raises:
        BadInput: one is malformed or not whole, is there twice, or is not wanted.
    """
    found, wanted, told = dict(given), list(wanted), set[str]()
    for document in documents:
        name = validate(_Named, document, path).metadata.name
        if name in told or name not in wanted:
            raise BadInput(f"{path}: slos: {name!r} {'is there twice' if name in told else 'is not in objectives'}")
        told.add(name)
        base = given[name].model_dump(mode="json") if name in given else None
        found[name] = validate(Slo, _merged(base, document), path)
    for name in wanted:
        if name not in found:
            raise BadInput(f"{path}: objectives.{name}: the exam has no such objective, and slos does not say it")
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
