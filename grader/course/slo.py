"""Objectives: OpenSLO v1 documents, and how an exam's slo.yaml stands on the rehearsal's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
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
