"""All settings of the service, in one place. Addresses come from the environment, and so may every tunable."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields


class BadSettings(ValueError):
    """The environment makes no sense; the message names the variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Addresses and tunables. A tunable `x_s` is overridden by the variable `ANSWERS_X_S`."""

    listen: str
    search_a: str
    search_b: str
    llm_url: str
    llm_key: str
    traces: str

    # What a user gets to see
    refuse_after_s: float = 0.7
    most_open: int = 200
    max_body: int = 1 << 18

    # What is kept
    keep_s: float = 45.0
    keep_entries: int = 3000
    look_every_s: float = 0.2
    lease_s: float = 1.0
    warm_most: int = 8

    # Search: 40 queries a second are agreed
    query_words: int = 300
    queries_a_second: int = 36
    hedges_up_to: int = 28
    checks_up_to: int = 20
    hedge_after_s: float = 0.13
    query_timeout_s: float = 2.0
    check_every_s: float = 1.0
    well_after: int = 2

    # The provider: four calls at once are agreed
    llm_at_once: int = 4
    llm_timeout_s: float = 3.0
    llm_recover_s: float = 5.0
    work_on_for_s: float = 1.2

    @property
    def replicas(self) -> dict[str, str]:
        return {"a": self.search_a, "b": self.search_b}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        values: dict[str, object] = {}
        for field in fields(cls):
            required = field.type == "str"
            name = field.name.upper() if required else f"ANSWERS_{field.name.upper()}"
            if name not in environment:
                if required:
                    raise BadSettings(f"{name} is not set")
                continue
            try:
                kind = {"str": str, "int": int, "float": float}[str(field.type)]
                values[field.name] = kind(environment[name])
            except ValueError:
                raise BadSettings(f"{name}: must be of type {field.type}") from None
        return cls(**values)  # type: ignore[arg-type]
