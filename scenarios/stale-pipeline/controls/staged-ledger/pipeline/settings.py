"""Everything that can be turned, in one place."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    mart: str = field(default_factory=lambda: os.environ["MART"].rstrip("/"))
    prefect_api: str = field(default_factory=lambda: os.environ.get("PREFECT_API_URL", ""))
    ledger: Path = field(default_factory=lambda: Path(os.environ.get("DATA_DIR", "/data")) / "ledger.db")

    threads: int = 6
    connect_s: float = 1.0
    read_s: float = 2.0
    retries: int = 2

    lookback_days: int = 30
    backfill_until_s: float = 4.0
    """A run is ended after 8 s. The oldest days of the gap may wait for the second night."""

    min_audits: int = 15
    fit_ratio: float = 1.5
    """A model is fit if its error on hand-counted rows is at most so many times what any linear model leaves there."""
    churn_ratio: float = 1.15
    """Without a model of tonight, the live one is kept if it is nearly as good as the best of the others."""
    archive_days: int = 4
    ledger_keeps_days: int = 60


SETTINGS = Settings()
NUMBERS = ("price", "discount", "temperature", "footfall", "sold")
INPUTS = NUMBERS[:4]
