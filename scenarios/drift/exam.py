"""Activities of the drift exam: the warehouse gets the hidden streams, and is seen to hold them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from grader.labkit import control, import_exam, read

streams = import_exam(__file__, "draw")


def fill(streams_seed: int, lanes: int) -> Any:
    """Give the warehouse the streams of this trial."""
    return control("warehouse", 9000, "/plan", streams.draw(streams_seed, lanes))


def held(streams_seed: int, lanes: int) -> bool:
    """Whether the warehouse holds exactly the streams of this trial."""
    wanted = json.dumps(streams.draw(streams_seed, lanes)).encode()
    return bool(read("warehouse", 9000, "/ledger")["plan"] == hashlib.sha256(wanted).hexdigest())
