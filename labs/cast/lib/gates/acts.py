"""Activities of an experiment.yaml: what happens while a world waits at a gate. Runs in the grader's processes.

provider: {type: python, module: gates.acts, func: restart, arguments: {book: yard, gate: x, service: y, by_s: 28}}
"""

from __future__ import annotations

from typing import Any

from grader.labkit import control, current, read, restart_service

CONTROL, LOOK_S = 9000, 0.2


def restart(book: str, gate: str, service: str, by_s: float) -> Any:
    """Kill and start a service once the world waits at a gate, then open it. Nothing happens if the exam is over before
    that, or at this trial time: a submission that is decided sooner is judged without."""
    context = current()
    while gate not in read(book, CONTROL, "/ledger")["gates"]["waiting"]:
        if context.hurry.wait(LOOK_S) or context.now() > by_s:
            return {"waiting": []}
    restart_service(service)
    return control(book, CONTROL, f"/gate/{gate}")
