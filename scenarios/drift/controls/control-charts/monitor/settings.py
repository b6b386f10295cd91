"""Everything that can be tuned, in one place. The environment overrides addresses only; bounds are code and reviewed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Integrity:
    impossible: float = 2e-3  # a chance below this is taken for none
    gap: float = 0.5  # so many more rows without a value than usual
    unseen: float = 0.2  # so many more rows with words never seen than usual
    fewest_rows: int = 3


@dataclass(frozen=True)
class Charts:
    """Control charts: a centre line that follows slowly, limits from replayed history, floors under the limits."""

    lag: int = 7  # days that are too young to move the centre line
    half_life: float = 10.0  # days
    warn_sigmas: float = 2.3
    action_sigmas: float = 5.0
    run: int = 3  # days beyond the same warning limit ...
    of: int = 4  # ... of so many make a change
    release: int = 3  # days within all limits end it
    min_history: int = 14
    # Least effects that are worth a page: Cliff's delta, log of spread, decades of magnitude, share of a word.
    change: dict[str, float] = field(default_factory=lambda: {"delta": 0.33, "spread": 0.45, "scale": 0.35, "share": 0.20})
    action: dict[str, float] = field(default_factory=lambda: {"delta": 0.55, "spread": 1.0, "scale": 0.35, "share": 0.35})
    # Sigmas of a thin day may not ask for more than a measure can be: delta ends at 1.
    ceiling: dict[str, float] = field(default_factory=lambda: {"delta": 0.8, "spread": 9.0, "scale": 9.0, "share": 0.8})
    wander: dict[str, float] = field(default_factory=lambda: {"delta": 0.045, "spread": 0.05, "scale": 0.02, "share": 0.02})
    most_words: int = 30
    reference_size: int = 3000


@dataclass(frozen=True)
class Outcomes:
    windows: tuple[int, ...] = (3, 4)  # days of outcomes
    min_history: int = 200  # rows
    level_sigmas: float = 5.0
    level: float = 0.7  # log-odds
    ranking_sigmas: float = 3.4
    ranking: float = 0.5  # what is left of the power to rank
    wander: float = 0.1  # log-odds, between days
    hold: float = 0.6  # of the bounds apply while concept drift is on


@dataclass(frozen=True)
class Settings:
    listen: str
    warehouse: str
    data_dir: str
    answer_within_s: float = 3.4
    fetch_attempt_s: float = 2.0
    catch_up: int = 4  # days that were announced but never judged
    cached_streams: int = 128
    kept_days: int = 40
    retention_days: int = 120
    integrity: Integrity = Integrity()
    charts: Charts = field(default_factory=Charts)
    outcomes: Outcomes = Outcomes()

    @classmethod
    def from_environment(cls) -> Settings:
        return cls(
            listen=os.environ.get("LISTEN", "0.0.0.0:8080"),
            warehouse=os.environ.get("WAREHOUSE", "http://warehouse:8000"),
            data_dir=os.environ.get("DATA_DIR", "/data"),
        )
