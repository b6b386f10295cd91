"""What exams of a scenario would draw: trials with their parameters, the requests of each, and plans with cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from grader.course.spec import Scenario
from grader.exam.draw import draw_trial, phase_plans
from grader.load.api import Request
from grader.load.schedule import Arrival, schedule
from grader.load.traffic import ScenarioBroken, import_file, make_traffic

PLAN_SEED = "plan_seed"
"""The parameter from which a scenario's draw.py makes a plan (`casebook.drawn`)."""

KNOWS_S = 30.0
"""Nobody waits so long for a service; who waits for what is yet to happen does."""


@dataclass(frozen=True)
class Drawn:
    """One trial of one exam, drawn and not held. `exam` numbers the exams, `seed` is the trial's."""

    scenario: Scenario
    exam: int
    kind: str
    seed: int
    parameters: Mapping[str, Any]

    @cached_property
    def traffic(self) -> Any:
        """The load of the trial.

        Raises:
            ScenarioBroken: the scenario's load.py fails.
        """
        phases = phase_plans(self.scenario.spec.phases(self.kind))
        return make_traffic(self.scenario.load_file, self.parameters, self.seed, phases)

    def requests(self, most: int | None = None) -> Iterator[tuple[Arrival, Request]]:
        """What is sent, in order; at most so many.

        Raises:
            ScenarioBroken: the scenario's load.py fails.
        """
        phases = phase_plans(self.scenario.spec.phases(self.kind))
        for arrival in islice(schedule(phases, self.seed), most):
            try:
                yield arrival, self.traffic.request(arrival.n)
            except Exception as error:  # the scenario's own code
                raise ScenarioBroken(f"{self.scenario.load_file}: request({arrival.n}) failed: {error!r}") from error

    @cached_property
    def plan(self) -> Mapping[str, Any] | None:
        """The plan that a sealed part is given; None where there is none, or none that is told."""
        own = getattr(self.traffic, "plan", None)
        if callable(own):
            found = own(self.parameters)
        else:
            maker = self.scenario.folder / "draw.py"
            if PLAN_SEED not in self.parameters or not maker.is_file():
                return None
            found = import_file(maker).draw(self.parameters[PLAN_SEED])
        return found if isinstance(found, dict) else None

    @cached_property
    def of_ours(self) -> bool:
        """Whether requests are questions to sealed parts, which answer once they know how things went: no submission
        sees them, and when they are asked says nothing."""
        return any(request.timeout_s >= KNOWS_S for _, request in self.requests(1))

    @property
    def cases(self) -> list[Mapping[str, Any]]:
        """The cases of the plan, in its order: those of its first list of objects with an id; else none."""
        for value in (self.plan or {}).values():
            if isinstance(value, list) and value and all(isinstance(one, dict) and "id" in one for one in value):
                return value
        return []


def exams(scenario: Scenario, count: int, first: int = 1) -> list[Drawn]:
    """The trials of so many exams; the same each time."""
    found = []
    for exam in range(count):
        for trial in scenario.spec.trials:
            record = draw_trial(scenario, trial.id, 0, 1, first + exam)
            found.append(Drawn(scenario, exam, trial.id, record.seed, record.parameters))
    return found
