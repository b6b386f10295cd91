"""Streams as in the exam, but shorter, and with a third of the rows on each day since they went live."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping
from typing import Any

from grader.labkit import control, import_exam, import_rehearsal, read

public = import_rehearsal(__file__, "load")
streams = import_exam(__file__, "draw")

DAYS, SHORTEST, LONGEST = 24, 10, 14
ROWS = (0.27, 0.36)
KINDS = ("drift", "concept")


def draw(seed: int, lanes: int) -> dict[str, Any]:
    """A plan as the warehouse takes it: two streams a lane."""
    rng = random.Random(f"{seed}:small")
    found = []
    for lane in range(lanes):
        first = rng.randint(SHORTEST, LONGEST)
        for n, days in enumerate((first, DAYS - first)):
            found.append(_small(rng, streams._stream(rng, lane, days, KINDS[(lane + n) % 2], streams.HIDDEN)))
    return {"seed": seed, "streams": found}


def _small(rng: random.Random, stream: dict[str, Any]) -> dict[str, Any]:
    """Each live day is a thin one; holidays stay, and nothing is broken."""
    kept = [happening for happening in stream["happenings"] if happening["kind"] in (*public.DRIFTS, "holiday")]
    thin = [{"kind": "thin", "day": day, "size": round(rng.uniform(*ROWS), 3)} for day in range(stream["days"])]
    return {**stream, "happenings": kept + thin}


def fill(streams_seed: int, lanes: int) -> Any:
    """Give the warehouse the streams of this trial."""
    return control("warehouse", 9000, "/plan", draw(streams_seed, lanes))


def held(streams_seed: int, lanes: int) -> bool:
    """Whether the warehouse holds exactly the streams of this trial."""
    wanted = json.dumps(draw(streams_seed, lanes)).encode()
    return bool(read("warehouse", 9000, "/ledger")["plan"] == hashlib.sha256(wanted).hexdigest())


class Traffic(public.Traffic):  # type: ignore[misc, name-defined]
    """As in the rehearsal, over these streams."""

    def plan(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """What the warehouse holds."""
        return draw(parameters["streams_seed"], parameters["lanes"])
