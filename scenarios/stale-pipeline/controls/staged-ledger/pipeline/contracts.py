"""The tills' contract, typed. What does not look like one is a market without a contract, and no one else's trouble."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError
from settings import NUMBERS


class Column(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str
    min: float | None = None
    max: float | None = None
    factor: float | None = None
    offset: float | None = None

    @property
    def limits(self) -> tuple[float, float]:
        return -math.inf if self.min is None else self.min, math.inf if self.max is None else self.max

    def canonical(self, values: np.ndarray) -> np.ndarray:
        return values * (1.0 if self.factor is None else self.factor) + (self.offset or 0.0)


class Version(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    since: str = Field(alias="from")
    number: str | None = Field(None, validation_alias=AliasChoices("schema", "version"))
    columns: dict[str, Column]
    min_rows: int = 1


class Contract(BaseModel):
    model_config = ConfigDict(extra="ignore")

    versions: list[Version]

    def version(self, day: str, schema: Any) -> Version | None:
        """The version that a batch names; if none has that name, the one in force on its day."""
        for each in self.versions:
            if schema is not None and each.number is not None and each.number == str(schema):
                return each
        begun = [each for each in self.versions if each.since <= day]
        return max(begun, key=lambda each: each.since, default=None)


def parse(raw: dict[str, Any]) -> tuple[dict[str, Contract], dict[str, str]]:
    """Contracts by market, and what is wrong with those that make no sense."""
    good: dict[str, Contract] = {}
    bad: dict[str, str] = {}
    for market, each in raw.items():
        try:
            contract = Contract.model_validate(each)
            for version in contract.versions:
                if lacking := {"sku", "date", *NUMBERS} - set(version.columns):
                    raise ValueError(f"version from {version.since} does not name {sorted(lacking)}")
            good[market] = contract
        except (ValidationError, ValueError) as error:
            bad[market] = str(error)
    return good, bad
