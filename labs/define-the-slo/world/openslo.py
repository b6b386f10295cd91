"""The documents that the meter knows, as models: a part of what OpenSLO's JSON schema accepts."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from expressions import understood
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


class ConditionMetadata(Metadata):
    annotations: dict[Literal["earshot.example/short-window"], str] = {}


class ConditionHolder(Part):
    kind: Literal["AlertCondition"]
    metadata: ConditionMetadata
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
