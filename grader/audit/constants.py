"""Constants: what is the same in every exam that is drawn, and could be known by heart."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from grader.audit.draws import Drawn
from grader.audit.found import Finding, some
from grader.audit.times import fixed_times
from grader.course.spec import Draw, Scenario
from grader.load.api import Request

FEW_WORDS = 2
"""One word that is always there is a constant of the protocol; several are a vocabulary."""
MOST_REQUESTS = 400
_WORD = re.compile(r"[^\W\d_]{3,}", re.UNICODE)
_NAME = re.compile(r"^.*[^\W\d_]{3,}.*$")
_PROTOCOL = {"content-type", "accept", "authorization"}

Pools = dict[str, set[str]]


def constants(scenario: Scenario, drawn: Sequence[Drawn], public: Sequence[Drawn]) -> Iterator[Finding]:
    """Words, parameters and times that do not change from exam to exam.

    Args:
        scenario: the exam.
        drawn: trials of some exams.
        public: those of the rehearsal, which everybody may read.
    """
    yield from fixed_times(scenario)
    yield from _words(drawn, public)
    yield from _parameters(scenario, public)


def _words(drawn: Sequence[Drawn], public: Sequence[Drawn]) -> Iterator[Finding]:
    """Pools of words on the wire of which some are there in every exam."""
    if any(one.of_ours for one in drawn):
        return  # no submission sees them
    exams: dict[int, Pools] = defaultdict(lambda: defaultdict(set))
    for one in drawn:
        _gather(one, exams[one.exam])
    shown: Pools = defaultdict(set)
    for one in public:
        _gather(one, shown)
    for place in sorted({place for pools in exams.values() for place in pools}):
        always = set.intersection(*(pools.get(place, set()) for pools in exams.values()))
        ever = set.union(*(pools.get(place, set()) for pools in exams.values()))
        if len(always) < FEW_WORDS:
            continue
        known = len(always & shown[place])
        yield Finding(
            f"constant/words/{place}",
            f"{place}: {len(always)} of {len(ever)} words are there in every exam ({some(sorted(always))}), "
            f"{known} of them in the rehearsal too. Draw them from a pool that the rehearsal does not show.",
            values=tuple(sorted(always)),
            figure=len(always) / len(ever),
        )


def _gather(one: Drawn, pools: Pools) -> None:
    for _, request in one.requests(MOST_REQUESTS):
        for place, text in _texts(request):
            pools[place].update(_WORD.findall(text) if " " in text else _NAME.findall(text))


def _texts(request: Request) -> Iterator[tuple[str, str]]:
    """Where a text stands in a request, and the text."""
    for name, value in request.headers.items():
        if name.lower() not in _PROTOCOL:
            yield f"header {name.lower()}", value
    path, _, query = request.path.partition("?")
    yield "path", path
    for pair in query.split("&") if query else ():
        name, _, value = pair.partition("=")
        yield f"query {name}", value
    yield from _of_json(request.json if request.json is not None else _parsed(request.body), "body")


def _parsed(body: bytes | None) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None


def _of_json(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _of_json(inner, f"{place} {name}")
    elif isinstance(value, list) and value and isinstance(value[0], (str, dict, list)):
        for inner in value:
            yield from _of_json(inner, place)


def _parameters(scenario: Scenario, public: Sequence[Drawn]) -> Iterator[Finding]:
    """Numbers that no trial draws: how strong, how many, from when on."""
    given: dict[str, list[Any]] = defaultdict(list)
    for trial in scenario.spec.trials:
        for name, value in trial.parameters.items():
            given[name].append(value)
    fixed = {name: values for name, values in given.items() if all(_is_number(value) for value in values)}
    shown = [f"{name} {', '.join(_distinct(values))}" for name, values in fixed.items()]
    rehearsed = {name for name in fixed if _rehearsed(name, fixed[name], public)}
    if fixed:
        yield Finding(
            "constant/parameters",
            f"Numbers that are the same in every exam: {some(shown)}"
            + (f"; the rehearsal has {', '.join(sorted(rehearsed))} too." if rehearsed else "."),
            trials=tuple(trial.id for trial in scenario.spec.trials if set(trial.parameters) & set(fixed)),
            values=tuple(fixed),
            figure=len(fixed) / 100,
        )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, (bool, Draw))


def _distinct(values: Iterable[Any]) -> list[str]:
    return sorted({f"{value:g}" for value in values})


def _rehearsed(name: str, values: Sequence[Any], public: Sequence[Drawn]) -> bool:
    return any(one.parameters.get(name) in values for one in public)
