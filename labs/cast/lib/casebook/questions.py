"""For a load.py: every question of a plan, asked of the casebook. Runs in the grader's processes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from casebook.plan import asked
from grader.load import Request

TIMEOUT_S = 60.0
"""Past the end of any exam: a question that is still open then is cut, and counts for neither verdict."""


class Questions:
    """Each question of a plan once, in the order of its cases; then again, for a public season that is played anew.

    An event's `name` is the aspect, its `segment` the case, its `answer` the word that the world told. In an exam what
    is asked a second time is `void`.

        class Traffic(Questions):
            target = "http://yard:8000"

            def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
                super().__init__(draw.draw(parameters["plan_seed"]))

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
