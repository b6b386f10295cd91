"""The documents as somebody wrote them: OpenSLO, as far as the meter carries it out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from expressions import understood
from plainyaml import NotPlain, checked, documents
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

SHORT = "earshot.example/short-window"
A_MONTH = 30 * 1440
IN_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 7 * 1440}
MOST_POLICIES = 6

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=63)]
Text = Annotated[str, StringConstraints(max_length=1050)]
Query = Annotated[str, BeforeValidator(lambda text: understood(text) if isinstance(text, str) else text)]


def minutes(duration: Any) -> int:
    """A duration as OpenSLO writes it, in minutes."""
    if not isinstance(duration, str) or not re.fullmatch(r"[1-9][0-9]{0,5}[mhdw]", duration):
        raise ValueError("a duration is a number with m, h, d or w, such as 5m")
    length = int(duration[:-1]) * IN_MINUTES[duration[-1]]
    if length > A_MONTH:
        raise ValueError("a duration is at most 30d")
    return length


def only(wanted: bool) -> AfterValidator:
    """True, or false, and not 1 or 0 either; the meter knows nothing else."""

    def check(value: bool) -> bool:
        if value is not wanted:
            raise ValueError(f"the meter knows only {str(wanted).lower()}")
        return value

    return AfterValidator(check)


Yes = Annotated[bool, only(True)]
No = Annotated[bool, only(False)]
Minutes = Annotated[int, BeforeValidator(minutes)]


class Part(BaseModel):
    """No other keys, no text for a number, nothing infinite."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Metadata(Part):
    name: Name
    displayName: Annotated[str, StringConstraints(min_length=1, max_length=200)] = "-"
    annotations: dict[Literal["earshot.example/short-window"], str] = {}


class Query_(Part):
    query: Query


class Source(Part):
    type: Literal["Earshot"]
    spec: Query_


class Metric(Part):
    metricSource: Source


class Ratio(Part):
    counter: bool
    good: Metric
    total: Metric


class Indicator(Part):
    ratioMetric: Ratio


class IndicatorHolder(Part):
    metadata: Metadata
    spec: Indicator


class Window(Part):
    duration: Literal["30d"]
    isRolling: Yes


class Objective(Part):
    displayName: Annotated[str, StringConstraints(min_length=1, max_length=200)] = "-"
    target: float = Field(gt=0, lt=1)


class SloSpec(Part):
    description: Text = ""
    service: Name
    indicator: IndicatorHolder
    timeWindow: list[Window] = Field(min_length=1, max_length=1)
    budgetingMethod: Literal["Occurrences"]
    objectives: list[Objective] = Field(min_length=1, max_length=1)
    alertPolicies: list[Name] = Field(min_length=1, max_length=MOST_POLICIES)


class Condition(Part):
    kind: Literal["burnrate"]
    op: Literal["gte", "gt"] = "gte"
    threshold: float = Field(gt=0)
    lookbackWindow: Minutes
    alertAfter: Minutes


class ConditionSpec(Part):
    description: Text = ""
    severity: Text
    condition: Condition


class ConditionHolder(Part):
    kind: Literal["AlertCondition"]
    metadata: Metadata
    spec: ConditionSpec


class Target(Part):
    targetRef: Literal["page", "ticket"]


class PolicySpec(Part):
    description: Text = ""
    alertWhenNoData: No
    alertWhenResolved: No
    alertWhenBreaching: Yes
    conditions: list[ConditionHolder] = Field(min_length=1, max_length=1)
    notificationTargets: list[Target] = Field(min_length=1, max_length=2)


class Slo(Part):
    apiVersion: Literal["openslo/v1"]
    kind: Literal["SLO"]
    metadata: Metadata
    spec: SloSpec


class AlertPolicy(Part):
    apiVersion: Literal["openslo/v1"]
    kind: Literal["AlertPolicy"]
    metadata: Metadata
    spec: PolicySpec


KINDS = {"SLO": Slo, "AlertPolicy": AlertPolicy}


@dataclass(frozen=True)
class Policy:
    """Fires while the burn rate is at least `threshold` over both windows, once it has been so for `after` minutes."""

    name: str
    tells: frozenset[str]
    threshold: float
    long: int
    short: int
    after: int


@dataclass(frozen=True)
class Promise:
    """What the documents say."""

    good: str
    total: str
    target: float
    policies: list[Policy]


def read(files):
    """The promise in the files of a folder, by name; NotPlain, in a sentence, if there is none."""
    found = []
    for path in sorted(path for path in files if path.endswith((".yaml", ".yml"))):
        try:
            found += [(path, document) for document in documents(files[path])]
        except NotPlain as error:
            raise NotPlain(f"{path}: {error}") from None
    return promise(found)


def promise(found):
    """The promise in some documents, each with the path of its file."""
    named = {"SLO": {}, "AlertPolicy": {}}
    for path, document in found:
        try:
            one = _document(document)
        except NotPlain as error:
            raise NotPlain(f"{path}: {error}") from None
        if named[one.kind].setdefault(one.metadata.name, one) is not one:
            raise NotPlain(f"{path}: there are two of the kind {one.kind} and the name {one.metadata.name}")
    if len(named["SLO"]) != 1:
        raise NotPlain(f"one promise has one document of the kind SLO, not {len(named['SLO'])}")
    return _promise(*named["SLO"].values(), named["AlertPolicy"])


def _document(document):
    kind = document.get("kind") if isinstance(document, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise NotPlain("kind: has to be SLO or AlertPolicy")
    name = document["metadata"].get("name") if isinstance(document.get("metadata"), dict) else None
    try:
        return checked(KINDS[kind], document)
    except NotPlain as error:
        raise NotPlain(f"{kind} {name[:40]}: {error}" if isinstance(name, str) else f"{kind}: {error}") from None


def _promise(slo, policies):
    named = slo.spec.alertPolicies
    if missing := [name for name in named if name not in policies]:
        raise NotPlain(f"SLO {slo.metadata.name}: there is no AlertPolicy {missing[0]}")
    if unused := [name for name in policies if name not in named]:
        raise NotPlain(f"AlertPolicy {unused[0]}: the SLO does not name it in alertPolicies")
    ratio = slo.spec.indicator.spec.ratioMetric
    return Promise(
        good=ratio.good.metricSource.spec.query,
        total=ratio.total.metricSource.spec.query,
        target=slo.spec.objectives[0].target,
        policies=[_policy(policies[name]) for name in dict.fromkeys(named)],
    )


def _policy(policy):
    name, holder = policy.metadata.name, policy.spec.conditions[0]
    condition, notes = holder.spec.condition, holder.metadata.annotations
    try:
        short = minutes(notes[SHORT]) if SHORT in notes else condition.lookbackWindow
    except ValueError as error:
        raise NotPlain(f"AlertPolicy {name}: {SHORT}: {error}") from None
    tells = frozenset(target.targetRef for target in policy.spec.notificationTargets)
    return Policy(name, tells, condition.threshold, condition.lookbackWindow, short, condition.alertAfter)
