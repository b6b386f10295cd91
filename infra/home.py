"""Where this checkout keeps what it makes: image environments, deployments, locks."""

from __future__ import annotations

import os
from pathlib import Path

from infra.errors import RuntimeUnavailable


def home() -> Path:
    """The state folder, absolute: `$BROWNOUT_HOME`, or `.brownout` beside the `infra` package. It may not exist yet."""
    chosen = os.environ.get("BROWNOUT_HOME")
    return Path(chosen).absolute() if chosen else Path(__file__).resolve().parent.parent / ".brownout"


def check_home() -> None:
    """Make the state folder if it is missing.

    Raises:
        RuntimeUnavailable: it cannot be made or written; says what to do.
    """
    place = home()
    try:
        place.mkdir(parents=True, exist_ok=True)
        (place / f".{os.getpid()}").touch()
        (place / f".{os.getpid()}").unlink()
    except OSError as error:
        raise RuntimeUnavailable(
            f"{place} cannot be written ({error.strerror}), and images and running labs are kept there; for another "
            "folder: export BROWNOUT_HOME=$HOME/.brownout"
        ) from error
