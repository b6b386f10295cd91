"""What a candidate can have done to the system on its live page, by a button: `actions` in lab.yaml."""

from __future__ import annotations

from pydantic import Field

from grader.course.drill import Call
from grader.course.strict import Strict


class Step(Call):
    """A POST of `payload`, as JSON, to a published port: with the deployment's token if `sealed`, as to a control port,
    else as anybody may."""

    sealed: bool = True


class Action(Strict):
    """One button. It does what the brief tells or the rehearsal does, and nothing that only exams do.

    Attributes:
        id: its name in orders and marks.
        title: what stands on the button, an order of a few words.
        does: what happens then, in one sentence.
        steps: made in order; the first that is refused ends it.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")
    title: str = Field(min_length=1, max_length=60)
    does: str = Field(min_length=1, max_length=240)
    steps: tuple[Step, ...] = Field(min_length=1, max_length=8)
