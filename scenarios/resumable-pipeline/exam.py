"""Activities of the resumable-pipeline exam: the nights begin, all is asked, and what befalls them is seen to act."""

from __future__ import annotations

import time
from typing import Any

from grader.labkit import control, current, read

LOOK_S = 0.3


def begin(nights_seed: int) -> Any:
    """Have the platform begin the nights of this trial."""
    return control("platform", 9000, "/plan", {"seed": nights_seed})


def begun(nights_seed: int) -> bool:
    """Whether the platform has exactly these nights in hand."""
    return bool(read("platform", 9000, "/ledger")["seed"] == nights_seed)


def asked(questions: int, by_s: float) -> bool:
    """Whether so many different questions have come in by this trial time. They are answered much later, so the
    generator's own record cannot tell it of an exam that was decided early."""
    while (found := int(read("platform", 9000, "/ledger")["asked"])) < questions and current().now() < by_s:
        if current().hurry.wait(LOOK_S):
            return True
    return found == questions


def acted(until_s: float) -> bool:
    """Whether each kill was seen at the platform (the call that it broke off is held there), and nothing was announced
    past a full disk: asked until all nights are over, or until this trial time."""
    while True:
        ledger = read("platform", 9000, "/ledger")
        if ledger["broken"] or ledger["escaped"] or ledger["unseen"]:
            return False
        if ledger["over"] == ledger["nights"] or current().now() > until_s or current().hurry.is_set():
            return bool(ledger["seen"] == ledger["ordered"] or ledger["over"] < ledger["nights"])
        time.sleep(LOOK_S)
