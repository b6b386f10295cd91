"""Words that are known by heart: what is on the wire, or in a plan, in every exam; and what a fault never comes to."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from grader.audit.draws import Drawn
from grader.audit.found import Finding, some
from grader.audit.strata import facts
from grader.course.spec import Draw, Scenario
from grader.load.api import Request

FEW_WORDS = 2
"""One word that is always there is a constant of the protocol; several are a vocabulary."""
MOST_REQUESTS, MOST_EXAMS = 250, 8
_WORD = re.compile(r"[^\W\d_]{3,}", re.UNICODE)
_NAME = re.compile(r"^.*[^\W\d_]{3,}.*$")
_PROTOCOL = {"content-type", "accept", "authorization"}

Pools = dict[str, set[str]]


def words(scenario: Scenario, drawn: Sequence[Drawn], public: Sequence[Drawn]) -> Iterator[Finding]:
    """Pools of words of which some are there in every exam, and names that no fault is ever about."""
    exams: dict[int, Pools] = defaultdict(lambda: defaultdict(set))
    for one in drawn:
        if one.exam < MOST_EXAMS:
            _gather(one, exams[one.exam])
    shown: Pools = defaultdict(set)
    for one in public:
        _gather(one, shown)
    yield from _always(list(exams.values()), shown)
    yield from _never(scenario, list(exams.values()))


def _always(exams: Sequence[Pools], shown: Pools) -> Iterator[Finding]:
    groups: dict[str, list[str]] = defaultdict(list)
    for place in sorted({place for pools in exams for place in pools}):
        groups[" ".join(place.split()[:2])].append(place)
    for where, places in groups.items():
        always, ever, known = _vocabulary(places, exams, shown)
        if always:
            yield Finding(
                f"constant/words/{where}",
                f"{where}: {len(always)} of {ever} words are there in every exam ({some(always)}), {known} of them in "
                "the rehearsal too.",
                values=tuple(always),
                figure=len(always) / ever,
            )


def _never(scenario: Scenario, exams: Sequence[Pools]) -> Iterator[Finding]:
    """Names on the wire which a parameter that is drawn among them never takes."""
    drawn: dict[str, set[str]] = defaultdict(set)
    for trial in scenario.spec.trials:
        for name, value in trial.parameters.items():
            known = value.choice or () if isinstance(value, Draw) else (value,)
            drawn[name].update(one for one in known if isinstance(one, str))
    for name, values in drawn.items():
        for place in sorted({place for pools in exams for place in pools}):
            pool = set.union(*(pools.get(place, set()) for pools in exams))
            never = sorted(pool - values)
            if len(values) >= FEW_WORDS and values < pool:
                yield Finding(
                    f"constant/never/{name}",
                    f"`{name}` is never {some(never)}: of {len(pool)} that are in {place}, {len(values)} are drawn.",
                    values=tuple(never),
                    figure=len(never) / len(pool),
                )


def _vocabulary(places: Sequence[str], exams: Sequence[Pools], shown: Pools) -> tuple[list[str], int, int]:
    """Words that are in every exam, if there are several; how many there ever are, and how many of these are public."""
    always, ever, known = set[str](), set[str](), set[str]()
    for place in places:
        pools = [pools.get(place, set()) for pools in exams]
        if here := set.intersection(*pools):
            always |= here
            ever |= set.union(*pools)
            known |= here & shown[place]
    return (sorted(always), len(ever), len(known)) if len(always) >= FEW_WORDS else ([], 0, 0)


def _gather(one: Drawn, pools: Pools) -> None:
    """Words of what is sent, unless it is questions to our own parts, which no submission sees; and of what is below
    the cases of a plan: what a world shows of them is made of that."""
    found = [] if one.of_ours else [pair for _, request in one.requests(MOST_REQUESTS) for pair in _texts(request)]
    for case in one.cases:
        kinds = {fact[0] for fact in facts(case)}
        for key, value in case.items():
            if key not in ("id", "asked", "judged") and not isinstance(value, str):
                found += [pair for pair in _of_json(value, f"plan {key}") if pair[0] != f"plan {key} kind"]
        found = [pair for pair in found if pair[0].removeprefix("plan ") not in kinds]
    for place, text in found:
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
