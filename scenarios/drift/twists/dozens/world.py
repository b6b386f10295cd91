"""Streams as in the exam, but shorter, and what is broken on a day is a number that comes in dozens."""

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
KINDS = ("calm", "drift")


def draw(seed: int, lanes: int) -> dict[str, Any]:
    """A plan as the warehouse takes it: two streams a lane."""
    rng = random.Random(f"{seed}:dozens")
    found = []
    for lane in range(lanes):
        first = rng.randint(SHORTEST, LONGEST)
        for n, days in enumerate((first, DAYS - first)):
            found.append(_dozens(rng, streams._stream(rng, lane, days, KINDS[(lane + n) % 2], streams.HIDDEN)))
    return {"seed": seed, "streams": found}


def _dozens(rng: random.Random, stream: dict[str, Any]) -> dict[str, Any]:
    """What is broken in a stream, if it is anything, is a number that is twelve times too large or too small."""
    numbers = [number.name for number in streams.domains.DOMAINS[stream["domain"]].numbers if number.log]
    for happening in stream["happenings"]:
        if happening["kind"] in public.BROKEN:
            size = rng.choice((12.0, 1 / 12))
            happening.update(kind="unit", column=rng.choice(numbers), size=size, offset=0.0)
    return stream


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
