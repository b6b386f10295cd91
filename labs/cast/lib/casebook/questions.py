"""For a load.py: every question of a plan, asked of the casebook. Runs in the grader's processes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from casebook.plan import asked
from grader.labkit import Request, import_file, lab_of

TIMEOUT_S = 60.0
"""Past the end of any exam: a question that is still open then is cut, and counts for neither verdict."""


class Questions:
    """Each question of a plan once, in the order of its cases; then again, for a public season that is played anew.

    An event's `name` is the aspect, its `segment` the case, its `answer` the word that the world told. In an exam what
    is asked a second time is `void`.

    Raises:
        BadPlan: the plan makes no sense.
    """

    target: str

    def __init__(self, plan: Mapping[str, Any]) -> None:
        self._asked = list(asked(plan))

    def __len__(self) -> int:
        """How many questions there are: what rate x seconds of the timeline has to be."""
        return len(self._asked)

    def request(self, n: int) -> Request:
        """The n-th arrival."""
        lap, at = divmod(n, len(self._asked))
        question = self._asked[at]
        path = f"/outcomes/{question.ticket}" + (f"?lap={lap}" if lap else "")
        return Request("GET", path, question.aspect, segment=question.case, timeout_s=TIMEOUT_S)

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """The word that was told.

        Raises:
            RuntimeError: the casebook, which is ours, did not know the question. That ends the run; it is no fail.
        """
        if status != 200:
            raise RuntimeError(f"the casebook answered {request.path} with status {status}: {body[:200]!r}")
        return str(json.loads(body)["answer"])


def traffic(file: str, casebook: str) -> type[Questions]:
    """The `Traffic` of a lab's rehearsal/load.py, which is its exam's too.

    With the parameter `plan_seed`, the exam's, it asks about what `draw(seed)` of the scenario's draw.py makes; without
    it about public/plan.json.

    Args:
        file: `__file__` of labs/<id>/rehearsal/load.py.
        casebook: its URL in the system's names.
    """
    lab = lab_of(file)

    class Traffic(Questions):
        target = casebook

        def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
            super().__init__(plan_of(lab, parameters.get("plan_seed")))

    return Traffic


def plan_of(lab: Path, seed: int | None) -> dict[str, Any]:
    """The plan that a seed draws, or the public one without a seed."""
    if seed is None:
        plan: dict[str, Any] = json.loads((lab / "public" / "plan.json").read_text("utf-8"))
    else:
        plan = import_file(lab.parents[1] / "scenarios" / lab.name / "draw.py").draw(seed)
    return plan
