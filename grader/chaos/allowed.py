"""A candidate's experiment, read as the data of a stranger: what is not known to be harmless is refused.

It is a part of Chaos Toolkit's JSON: a hypothesis, a method and rollbacks, of the activities named here. No process, no
other Python, no URL but those that the lab allows, no header but the content type, no configuration or secrets (they
read files and the environment), no controls, nothing in the background, no waits beyond the time that a run has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr, ValidationError

from grader.course.drill import DrillRules
from grader.course.files import shown
from grader.course.strict import Strict
from grader.errors import BadInput

MAX_BYTES = 32 << 10
MOST_STEPS = 20
MODULE = "grader.chaos.activities"
TOLERATED = 'true, false, a whole number, a text, a list of numbers or {"type": "range", "range": [lowest, highest]}'

Text = Annotated[StrictStr, Field(min_length=1, max_length=300)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Number = StrictInt | Annotated[StrictFloat, Field(allow_inf_nan=False)]
Url = Annotated[str, Field(pattern=r"^http://[!-~]{1,300}$")]


class _Name(Strict):
    name: Text


class _Nothing(Strict):
    pass


class _Wait(Strict):
    seconds: Seconds


class _Look(Strict):
    url: Url
    json_: Any = Field(alias="json")
    name: Text
    timeout_s: Seconds = 1.0


class _Provider(Strict):
    type: Literal["python"]
    module: Literal["grader.chaos.activities"]


class _Fault(_Provider):
    func: Literal["fault"]
    arguments: _Name


class _Lift(_Provider):
    func: Literal["lift"]
    arguments: _Nothing = _Nothing()


class _Waits(_Provider):
    func: Literal["wait"]
    arguments: _Wait


class _FieldOf(_Provider):
    func: Literal["field"]
    arguments: _Look


class _Http(Strict):
    type: Literal["http"]
    url: Url
    method: Literal["GET", "POST"] = "GET"
    headers: dict[Literal["Content-Type"], Literal["application/json"]] = {}
    arguments: dict[str, Any] | None = None
    timeout: Seconds = 1.0


class _Pauses(Strict):
    before: Seconds = 0.0
    after: Seconds = 0.0


class _Range(Strict):
    type: Literal["range"]
    range: tuple[Number, Number]


_Python = Annotated[_Fault | _Lift | _Waits | _FieldOf, Field(discriminator="func")]
_Any = Annotated[_Http | _Python, Field(discriminator="type")]
_Looks = Annotated[_Http | _FieldOf, Field(discriminator="type")]
_Tolerance = StrictBool | StrictInt | Text | Annotated[list[Number], Field(min_length=1, max_length=10)] | _Range


class _Step(Strict):
    type: Literal["probe", "action"]
    name: Text
    provider: _Any
    pauses: _Pauses = _Pauses()


class _Probe(Strict):
    type: Literal["probe"]
    name: Text
    tolerance: _Tolerance
    provider: _Looks


class _Rollback(Strict):
    type: Literal["action"]
    name: Text
    provider: _Lift


class _Hypothesis(Strict):
    title: Text
    probes: tuple[_Probe, ...] = Field(min_length=1, max_length=MOST_STEPS)


class _Experiment(Strict):
    version: Text = "1.0.0"
    title: Text
    description: Annotated[StrictStr, Field(max_length=4000)] = ""
    tags: tuple[Text, ...] = Field((), max_length=20)
    hypothesis: _Hypothesis = Field(alias="steady-state-hypothesis")
    method: tuple[_Step, ...] = Field(min_length=1, max_length=MOST_STEPS)
    rollbacks: tuple[_Rollback, ...] = Field((), max_length=MOST_STEPS)


def read_drill(folder: Path, rules: DrillRules) -> dict[str, Any]:
    """A submission's experiment as Chaos Toolkit takes it, its HTTP calls made ours.

    Args:
        folder: the staged submission.
        rules: what the lab allows.

    Raises:
        BadInput: it is missing, too large, no JSON, or holds anything that is not allowed; one sentence.
    """
    try:
        return _translated(_checked(_parsed(folder / rules.file), rules))
    except _Refused as error:
        raise BadInput(f"{shown(Path(rules.file))}: {_line(str(error))}") from None


class _Refused(Exception):
    """What is wrong, without the file's name."""


def _parsed(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _Refused(f"cannot be read: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise _Refused(f"is larger than {MAX_BYTES >> 10} KiB; make it smaller")
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _Refused(f"is no JSON: {error}") from None


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _checked(raw: Any, rules: DrillRules) -> _Experiment:
    try:
        experiment = _Experiment.model_validate(raw)
    except ValidationError as error:
        problem: Any = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise _Refused(_said(problem["loc"], problem["msg"])) from None
    except RecursionError:
        raise _Refused("is nested too deeply") from None
    for problem in _problems(experiment, rules):
        raise _Refused(problem)
    return experiment


def _said(location: tuple[str | int, ...], message: str) -> str:
    """Where a problem is and what it is; of a tolerance all that it may be, not the first kind that it is not."""
    if "tolerance" in location[:-1]:
        end = location.index("tolerance") + 1
        location, message = location[:end], f"a tolerance is {TOLERATED}"
    return f"{'.'.join(map(str, location)) or 'top level'}: {message}"


def _problems(experiment: _Experiment, rules: DrillRules) -> Iterator[str]:
    steps: tuple[_Probe | _Step, ...] = (*experiment.hypothesis.probes, *experiment.method)
    for step in steps:
        yield from _denied(step.name, step.provider, rules)
    if not any(isinstance(step.provider, _Fault) for step in experiment.method):
        yield f"method: sets no fault; there are {', '.join(sorted(rules.faults))}"
    waits = sum(step.provider.arguments.seconds for step in experiment.method if isinstance(step.provider, _Waits))
    waits += sum(step.pauses.before + step.pauses.after for step in experiment.method)
    if waits > rules.seconds:
        yield f"method: waits {waits:g} s, and a run may take {rules.seconds:g} s"


def _denied(name: str, provider: Any, rules: DrillRules) -> Iterator[str]:
    """What the lab does not allow of one step."""
    if isinstance(provider, _Fault) and provider.arguments.name not in rules.faults:
        yield f"{name!r}: there is no fault {provider.arguments.name!r}; there are {', '.join(sorted(rules.faults))}"
    if isinstance(provider, _Http | _FieldOf):
        url = provider.url if isinstance(provider, _Http) else provider.arguments.url
        if not url.startswith(rules.asks):
            yield f"{name!r}: {url} must not be asked; what begins with {' or '.join(rules.asks)} may"
    if isinstance(provider, _Http) and (provider.arguments is not None) != (provider.method == "POST"):
        yield f"{name!r}: a POST has arguments, which are its JSON, and a GET has none"
    if isinstance(provider, _Http) and (provider.method == "POST") != bool(provider.headers):
        yield f'{name!r}: a POST has the header {{"Content-Type": "application/json"}}, and a GET has none'


def _translated(experiment: _Experiment) -> dict[str, Any]:
    return {
        "title": "a drill",
        "description": "written by a candidate",
        "configuration": {},
        "secrets": {},
        "steady-state-hypothesis": {
            "title": "steady",
            "probes": [
                {"type": "probe", "name": p.name, "tolerance": _plain(p.tolerance), "provider": _provider(p.provider)}
                for p in experiment.hypothesis.probes
            ],
        },
        "method": [
            {"type": s.type, "name": s.name, "provider": _provider(s.provider), "pauses": s.pauses.model_dump()}
            for s in experiment.method
        ],
        "rollbacks": [
            {"type": "action", "name": step.name, "provider": _provider(step.provider)} for step in experiment.rollbacks
        ],
    }


def _plain(tolerance: Any) -> Any:
    if isinstance(tolerance, _Range):
        return {"type": "range", "range": list(tolerance.range)}
    return tolerance


def _provider(provider: Any) -> dict[str, Any]:
    if isinstance(provider, _Http):
        arguments = {
            "url": provider.url,
            "method": provider.method,
            "json": provider.arguments,
            "timeout_s": provider.timeout,
        }
        return {"type": "python", "module": MODULE, "func": "http", "arguments": arguments}
    return {
        "type": "python",
        "module": MODULE,
        "func": provider.func,
        "arguments": provider.arguments.model_dump(by_alias=True),
    }


def _line(text: str) -> str:
    """One line of what can be printed, not too long."""
    return "".join(sign if sign.isprintable() else " " for sign in " ".join(text.split()))[:400]
