"""Tells: what a submission can see before it must decide, that tells what is drawn."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import Any

from grader.authoring.audit.draws import Drawn
from grader.authoring.audit.findings import Finding, percent, some
from grader.authoring.audit.strata import facts, figures
from grader.authoring.audit.tree import Rule, tell
from grader.course.spec import Draw, Scenario
from grader.load.api import Request

FEW = 12
"""A number with at most so many values is a kind."""
FIRST = 20
"""So many requests are looked at: nobody may know by then what is to come."""
MOST_ROWS = 6000
SECRET = 10_000
"""A whole number that is drawn from more values than that is a secret, and tells and is told by nothing."""


def tells(scenario: Scenario, drawn: Sequence[Drawn]) -> Iterator[Finding]:
    """What tells trials, parameters and cases apart."""
    if any(one.cases for one in drawn):
        yield from _of_cases(drawn)
    elif not any(one.of_ours for one in drawn):
        yield from _of_load(scenario, drawn)
    yield from _of_facts(scenario, drawn)


def _of_load(scenario: Scenario, drawn: Sequence[Drawn]) -> Iterator[Finding]:
    """What the first requests of a trial tell of it."""
    drawn = [one for one in drawn if next(one.requests(1), None) is not None]
    rows = [_seen(one) for one in drawn]
    groups = [one.exam for one in drawn]
    labels = {"trial": [one.kind for one in drawn]} | {
        name: [_label(one.parameters.get(name), edges) for one in drawn]
        for name, edges in _drawn_parameters(scenario, drawn).items()
    }
    rules = {what: rule for what, values in labels.items() if (rule := _tell(rows, values, groups)) is not None}
    for feature, told in _by_feature(rules).items():
        what = max(told, key=lambda name: rules[name].lift)
        others = [f"`{name}`" for name in told if name != what]
        yield Finding(
            f"tell/load/{feature.replace(' ', '-')}",
            f"The first {FIRST} requests tell `{what}` ({_figures(rules[what])}): {rules[what].says}."
            + (f" They tell {some(others)} too." if others else ""),
            trials=tuple(trial.id for trial in scenario.spec.trials),
            values=rules[what].features,
            figure=rules[what].lift,
        )


def _tell(rows: Sequence[Mapping[str, float]], labels: Sequence[str], groups: Sequence[int]) -> Rule | None:
    """A rule over those that have a label."""
    kept = [at for at, label in enumerate(labels) if label]
    return tell([rows[at] for at in kept], [labels[at] for at in kept], [groups[at] for at in kept])


def _by_feature(rules: Mapping[str, Rule]) -> dict[str, list[str]]:
    """What is told, by the feature that tells most of it."""
    found: dict[str, list[str]] = defaultdict(list)
    for what, rule in rules.items():
        found[rule.features[0]].append(what)
    return found


def _of_cases(drawn: Sequence[Drawn]) -> Iterator[Finding]:
    """What a case's id, place and other figures tell of what it is."""
    rows, groups, about = [], [], []
    for one in drawn:
        cases = one.cases
        for place, case in enumerate(cases):
            rows.append(_of_id(str(case["id"])) | {"place": place / max(1, len(cases) - 1)} | figures(case))
            groups.append(one.exam)
            about.append(case)
    step = max(1, len(rows) // MOST_ROWS)
    rows, groups, about = rows[::step], groups[::step], about[::step]
    for attribute in _kinds(about):
        labels = [" + ".join(sorted(value for name, value in facts(case) if name == attribute)) for case in about]
        rule = _tell([{name: x for name, x in row.items() if name != attribute} for row in rows], labels, groups)
        if rule is not None:
            yield Finding(
                f"tell/case/{attribute}",
                f"Of a case, {some(rule.features)} tells `{attribute}` ({_figures(rule)}): {rule.says}.",
                values=rule.features,
                figure=rule.lift,
            )


def _of_facts(scenario: Scenario, drawn: Sequence[Drawn]) -> Iterator[Finding]:
    """Parameters that always come together: who has met the one knows the other."""
    edges = _drawn_parameters(scenario, drawn)
    columns: dict[str, list[str]] = {}
    for name in sorted({name for one in drawn for name in one.parameters}):
        if name in edges or not is_secret(scenario, name):
            columns[name] = [_label(one.parameters.get(name), edges.get(name, ())) for one in drawn]
    varied = {name: values for name, values in columns.items() if len({*values} - {""}) > 1}
    seen: set[str] = set()
    for name, values in varied.items():
        together = [other for other in varied if other != name and _goes_with(values, varied[other])]
        group = tuple(sorted([name, *together]))
        if not together or name in seen:
            continue
        seen.update(group)
        pairs = sorted({tuple(columns[each][at] for each in group) for at in range(len(values)) if values[at]})
        shown = [" + ".join(pair) for pair in pairs]
        yield Finding(
            f"tell/facts/{'+'.join(group)}",
            f"{' and '.join(f'`{each}`' for each in group)} always come together ({some(shown)}): who has met the one "
            "knows the other.",
            trials=tuple(sorted({one.kind for at, one in enumerate(drawn) if values[at]})),
            values=group,
            figure=1.0,
        )


def _goes_with(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether each tells the other where both are there, and there is more than one value of each to be told."""
    pairs = {(x, y) for x, y in zip(one, other, strict=True) if x and y}
    firsts, seconds = {x for x, _ in pairs}, {y for _, y in pairs}
    return 1 < len(firsts) == len(seconds) == len(pairs)


def _drawn_parameters(scenario: Scenario, drawn: Sequence[Drawn]) -> dict[str, tuple[float, ...]]:
    """Parameters that could be told, with where their values are cut in two; nowhere for those with few values."""
    found: dict[str, tuple[float, ...]] = {}
    values: dict[str, list[Any]] = defaultdict(list)
    for one in drawn:
        for name, value in one.parameters.items():
            values[name].append(value)
    for name, known in values.items():
        if len({*known}) < 2 or is_secret(scenario, name):
            continue
        if len({*known}) <= FEW:
            found[name] = ()
        elif all(isinstance(value, (int, float)) for value in known):
            found[name] = (sorted(known)[len(known) // 2],)
    return found


def is_secret(scenario: Scenario, name: str) -> bool:
    """Whether a parameter is only ever a number drawn from very many."""
    draws = [trial.parameters[name] for trial in scenario.spec.trials if name in trial.parameters]
    return bool(draws) and all(
        isinstance(draw, Draw) and draw.integer is not None and draw.integer[1] - draw.integer[0] > SECRET
        for draw in draws
    )


def _label(value: Any, edges: Sequence[float]) -> str:
    if value is None:
        return ""
    if not edges:
        return str(value)
    return f"below {edges[0]:g}" if value < edges[0] else f"{edges[0]:g} or more"


def _seen(one: Drawn) -> dict[str, float]:
    """Figures of what comes first in a trial."""
    arrivals, requests = [], []
    for arrival, request in one.requests(FIRST):
        arrivals.append(arrival.due)
        requests.append(request)
    phases = [phase for phase in one.scenario.spec.phases(one.kind) if phase.rate]
    sizes = [_size(request) for request in requests]
    found = {
        "requests a second": phases[0].rate,
        "seconds until the first": arrivals[0],
        "mean bytes": fmean(sizes),
        "most bytes": float(max(sizes)),
        "headers": fmean(len(request.headers) for request in requests),
        "mean bytes of a path": fmean(len(request.path) for request in requests),
    }
    found |= {f"with {key}": float(count) for key, count in _keys(requests).items()}
    paths = Counter(request.path.partition("?")[0] for request in requests)
    return found | {f"path {path}": float(count) for path, count in paths.most_common(FEW)}


def _size(request: Request) -> int:
    if request.body is not None:
        return len(request.body)
    return len(json.dumps(request.json)) if request.json is not None else 0


def _keys(requests: Sequence[Request]) -> Counter[str]:
    """Header names, and keys of JSON bodies, with how often they come."""
    found: Counter[str] = Counter()
    for request in requests:
        found.update(f"header {name.lower()}" for name in request.headers)
        if isinstance(request.json, dict):
            found.update(f"key {name}" for name in request.json)
    return found


def _of_id(name: str) -> dict[str, float]:
    """Figures of an id: its length, its number, its first and last signs."""
    digits = re.sub(r"\D", "", name)
    found = {"length of the id": float(len(name)), "letters in the id": float(sum(c.isalpha() for c in name))}
    found |= {"first sign of the id": float(ord(name[0])), "last sign of the id": float(ord(name[-1]))}
    return found | ({"number in the id": float(digits[-9:])} if digits else {})


def _kinds(cases: Sequence[Mapping[str, Any]]) -> list[str]:
    """Attributes of cases that are worth telling: texts with some values, and what happens to a case."""
    values: dict[str, set[str]] = defaultdict(set)
    for case in cases:
        for name, value in facts(case):
            values[name].add(value)
    return [
        name
        for name, known in values.items()
        if 1 < len(known) <= 64 and not all(value.lstrip("-").isdigit() for value in known)
    ]


def _figures(rule: Rule) -> str:
    return f"right {percent(rule.right)}, by chance {percent(rule.chance)}"
