"""Where this checkout keeps what it makes: image environments, deployments, locks."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The state folder, absolute: `$BROWNOUT_HOME`, or `.brownout` beside the `infra` package. It may not exist yet."""
    chosen = os.environ.get("BROWNOUT_HOME")
    return Path(chosen).absolute() if chosen else Path(__file__).resolve().parent.parent / ".brownout"
