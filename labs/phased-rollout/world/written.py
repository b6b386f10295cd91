"""The plan as somebody wrote it: plan.yaml, read and checked."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

MOST_BYTES, MOST_PHASES, MOST_RULES = 32 << 10, 12, 24
MISUNDERSTOOD = (ValueError, LookupError, AttributeError, TypeError, ArithmeticError)
COUNTS = ("requests", "errors", "late", "judged", "wrong", "sessions", "switched_off")

Count = Literal["requests", "errors", "late", "judged", "wrong", "sessions", "switched_off"]
Watched = Literal["load", "shadow", "canary", "full"]
Places = Annotated[list[Watched], Field(min_length=1, max_length=4)]
Hours = Annotated[float, Field(gt=0, le=96)]
Replica = Annotated[int, Field(ge=1, le=25)]
"""There is money for so many."""


class Malformed(ValueError):
    """A plan that cannot be carried out. One sentence that names the key."""


class Part(BaseModel):
    """What all parts of a plan have in common: no other keys, no text for a number, nothing infinite."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Replicas(Part):
    for_load: float = Field(ge=0.1, le=10)
    at_least: Replica
    at_most: Replica

    @model_validator(mode="after")
    def ordered(self) -> Self:
        if self.at_most < self.at_least:
            raise ValueError("at_most is less than at_least")
        return self


class Lasting(Part):
    """A phase that ends after `hours` once its needs are met; at `at_most_hours` it stops the rollout."""

    hours: Hours
    at_most_hours: Hours | None = None

    @model_validator(mode="after")
    def ordered(self) -> Self:
        if self.at_most_hours is not None and self.at_most_hours < self.hours:
            raise ValueError("at_most_hours is less than hours")
        return self


class Load(Lasting):
    kind: Literal["load"]
    of_peak: float = Field(ge=0.05, le=2)


class WayBack(Part):
    kind: Literal["way-back"]


class Shadow(Lasting):
    kind: Literal["shadow"]


class Canary(Lasting):
    kind: Literal["canary"]
    share: float = Field(ge=0.0001, le=0.99)


class Full(Lasting):
    kind: Literal["full"]


class Rule(Part):
    name: str = Field(min_length=1, max_length=40)
    places: Places = Field(alias="in")
    of: Annotated[list[Count], Field(min_length=2, max_length=2)]
    above: float = Field(ge=0, le=1)
    against: Literal["none", "old"] = "none"
    least: int = Field(default=0, ge=0, le=10**9)
    per: Literal["all", "language"] = "all"
    over_hours: float = Field(default=0, ge=0, le=96)
    skip_minutes: float = Field(default=0, ge=0, le=5760)


class Need(Part):
    places: Places = Field(alias="in")
    count: Count
    least: int = Field(ge=1, le=10**9)
    per: Literal["all", "language"] = "all"


Watching = Load | Shadow | Canary | Full
"""Phases in which something is counted."""

Phase = Annotated[Watching | WayBack, Field(discriminator="kind")]


class Plan(Part):
    replicas: Replicas
    phases: list[Phase] = Field(min_length=1, max_length=MOST_PHASES)
    rules: list[Rule] = Field(default=[], max_length=MOST_RULES)
    needs: list[Need] = Field(default=[], max_length=MOST_RULES)

    @model_validator(mode="after")
    def arrives(self) -> Self:
        if self.phases[-1].kind != "full":
            raise ValueError("the last phase must be of the kind full")
        return self


class Loader(yaml.SafeLoader):
    """YAML without aliases, which can make much of little."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise Malformed("aliases (*name) are not understood, write it twice")
        return super().compose_node(parent, index)


def read(text: str) -> Plan:
    """The plan in a text; Malformed if it is none."""
    if len(text.encode()) > MOST_BYTES:
        raise Malformed(f"more than {MOST_BYTES >> 10} KiB")
    try:
        return Plan.model_validate(yaml.load(text, Loader))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise Malformed(": ".join([".".join(map(str, first["loc"])) or "plan", first["msg"]])) from None
    except yaml.YAMLError as error:
        raise Malformed(f"no YAML: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise Malformed("nested too deep") from None
    except Malformed:
        raise
    except MISUNDERSTOOD as error:  # a number that Python cannot hold, a tag that does not fit its text
        raise Malformed(f"no YAML: {error!r}") from None
