"""When the faults of an experiment act: at moments that are drawn, or at the same ones in every exam."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from grader.authoring.audit.findings import Finding, some
from grader.course.reading import read_yaml
from grader.course.spec import Draw, Scenario

WAITS = {"at", "under_way"}
"""Activities that wait; what follows one happens when it is over."""

ACTS = {"publish", "call"}
"""Activities that act, also where they stand as a probe."""


def fixed_times(scenario: Scenario) -> Iterator[Finding]:
    """Faults that come at the same second in every exam, one finding for each experiment."""
    users: dict[str, list[str]] = defaultdict(list)
    for trial in scenario.spec.trials:
        users[trial.experiment].append(trial.id)
    for name, trials in users.items():
        moments = list(_moments(scenario, name, trials))
        if moments:
            shown = [f"{what} at {second:g} s" for what, second in moments]
            yield Finding(
                f"constant/times/{name}",
                f"{name}: in every exam {some(shown)}.",
                trials=tuple(trials),
                values=tuple(what for what, _ in moments),
                figure=len(moments) / 10,
            )


def _moments(scenario: Scenario, experiment: str, trials: list[str]) -> Iterator[tuple[str, float]]:
    """Actions that follow on a wait for a second which is not drawn, with that second."""
    document = read_yaml(scenario.folder / experiment)[0]
    second: float | None = None
    for step in document.get("method", ()):
        function, arguments = called(step)
        if function == "at":
            second = _second(scenario, trials, arguments.get("seconds"))
        elif function in WAITS:
            second = None
        elif second is not None and (step.get("type") == "action" or function in ACTS):
            yield str(step.get("name", "")), second
            second = None


def called(step: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The function that a step calls, and with what."""
    provider = step.get("provider") or {}
    return str(provider.get("func", "")), provider.get("arguments") or {}


def _second(scenario: Scenario, trials: list[str], value: Any) -> float | None:
    """The second that is waited for; None if it is drawn."""
    if isinstance(value, (int, float)):
        return float(value)
    name = str(value).removeprefix("${").removesuffix("}")
    given = [scenario.spec.trial(trial).parameters.get(name) for trial in trials]
    fixed = {one for one in given if isinstance(one, (int, float)) and not isinstance(one, Draw)}
    return float(next(iter(fixed))) if len(fixed) == 1 and len(given) == len(trials) and None not in given else None
