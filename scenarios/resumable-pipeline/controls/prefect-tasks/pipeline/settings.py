"""Everything that the job is told by its environment, and the few numbers that are policy."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    platform_url: str
    artefacts: Path
    records: Path
    leases: Path
    batch_size: int = 40
    lease_patience_s: float = 900.0
    request_timeout_s: float = 30.0
    connect_retries: int = 4

    @classmethod
    def from_environment(cls) -> Settings:
        data = Path(os.environ["DATA_DIR"])
        results = Path(os.environ.get("PREFECT_LOCAL_STORAGE_PATH") or data / "results")
        return cls(
            platform_url=os.environ["PLATFORM"],
            artefacts=Path(os.environ["ARTEFACTS"]),
            records=results / "nightly",
            leases=data / "leases",
        )


SETTINGS = Settings.from_environment()
