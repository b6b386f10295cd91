"""What a candidate can have done to the system on its live page, by a button: `actions` in lab.yaml."""

from __future__ import annotations

from pydantic import Field, model_validator

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
        rate: then the everyday traffic has so many requests a second; None leaves it as it is.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")
    title: str = Field(min_length=1, max_length=60)
    does: str = Field(min_length=1, max_length=240)
    steps: tuple[Step, ...] = Field((), max_length=8)
    rate: float | None = Field(None, ge=1, le=200)

    @model_validator(mode="after")
    def _does_something(self) -> Action:
        if not self.steps and self.rate is None:
            raise ValueError("needs steps or a rate")
        return self
