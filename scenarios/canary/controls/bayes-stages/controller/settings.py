"""Addresses from the environment, and every number of the policy in one place, with the reason for it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stage:
    """A share of the traffic for v2.

    Attributes:
        share: per cent.
        not_before_s: earliest start, in seconds since the call.
        min_marks: people's marks of v2 that it takes to enter.
        min_parcels: v2's parcels after the warm-up that it takes to enter.
    """

    share: int
    not_before_s: float = 0.0
    min_marks: int = 0
    min_parcels: int = 0


@dataclass(frozen=True)
class Policy:
    """How a release is judged. Seconds count from the call that began the rollout."""

    stages: tuple[Stage, ...] = (
        Stage(15),  # warm-up: small, since a fresh pod may fail, but marks are already worth having
        Stage(30),  # as soon as the warm-up is over
        Stage(60, 3.4, 6, 15),
        Stage(100, 5.3, 18, 45),
    )
    look_every_s: float = 0.15
    warm_up_s: float = 1.5
    echo_s: float = 0.4  # parcels of the warm-up that end after it
    first_parcel_by_s: float = 3.5
    full_by_s: float = 7.2  # later, too little time would be left to see v2 carry everything
    decide_at_s: float = 8.7  # of 9.5: what is left is for the way back
    blind_s: float = 0.8  # so long without metrics is a reason to go back
    verify_every_s: float = 0.5

    # P(rate > limit), given what was seen
    convict: float = 0.985
    hold: float = 0.90
    acquit: float = 0.30  # pooled, at the end
    acquit_carrier: float = 0.80  # of one carrier, at the end
    error_limit: float = 0.05
    slow_limit: float = 0.05
    wrong_margin: float = 0.06  # over v1
    carrier_wrong_margin: float = 0.12  # over v1 for the same carrier: few marks, much luck
    min_bad_pooled: int = 4
    min_bad_carrier: int = 3
    slow_per_look: int = 3  # a pause of the machine makes many slow at once; a slow release makes them again and again
    in_flight: int = 10
    in_flight_looks: int = 3
    promote_marks: int = 40
    promote_parcels: int = 100
    promote_carrier: int = 3
    max_resumes: int = 1


@dataclass(frozen=True)
class Settings:
    """The environment."""

    listen: str
    gateway_admin: str
    v1_metrics: str
    v2_metrics: str
    data_dir: str
    policy: Policy = field(default_factory=Policy)

    @classmethod
    def read(cls) -> Settings:
        environment = os.environ
        return cls(
            listen=environment.get("LISTEN", "0.0.0.0:8080"),
            gateway_admin=environment["GATEWAY_ADMIN"].rstrip("/"),
            v1_metrics=environment["V1_METRICS"],
            v2_metrics=environment["V2_METRICS"],
            data_dir=environment.get("DATA_DIR", "/data"),
        )
