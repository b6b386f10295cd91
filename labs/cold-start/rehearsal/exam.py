"""What the experiment does: a day begins, and at the end the audience still has it."""

from __future__ import annotations

import time

from grader.labkit import control, current, read

LOADS_S = 1.6
LOOK_S = 0.05


def plan(seed_of: int) -> bool:
    """Begin a day; whether the audience has it. Waits until the recommender has loaded it, or for a while."""
    before = read("audience", 9000, "/ledger")["mornings"]
    there = control("audience", 9000, "/plan", {"seed": int(seed_of)})
    by = time.monotonic() + LOADS_S
    while time.monotonic() < by and read("audience", 9000, "/ledger")["mornings"] == before:
        current().hurry.wait(LOOK_S)
    return bool(there["seed"] == int(seed_of))


def ended(seed_of: int) -> bool:
    """Whether the audience still has this day."""
    return bool(read("audience", 9000, "/ledger")["seed"] == int(seed_of))
