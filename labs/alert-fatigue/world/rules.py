"""The candidate's rules: read, refused in a sentence where they could see ahead, and put into an order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import programs
import promql_parser as promql
from plainyaml import NotPlain, documents
from spans import seconds

MOST_RULES, MOST_LEVELS = 60, 4
LONGEST = 4_000


@dataclass(frozen=True)
class Rule:
    """A rule: `name` of a record or an alert, what its expression leans on, and for alerts when they fire."""

    name: str
    expression: str
    alerts: bool
    uses: frozenset[str]
    labels: Mapping[str, str] = field(default_factory=dict)
    for_s: int = 0
    keep_s: int = 0


def read(files: Mapping[str, str]) -> list[Rule]:
    """The rules of all files in `rules/`, as promtool takes them. NotPlain with what is wrong."""
    found: list[Rule] = []
    for path, text in sorted(files.items()):
        for document in documents(text):
            found += _rules(path, document)
        if len(found) > MOST_RULES:
            raise NotPlain(f"more than {MOST_RULES} rules")
        programs.check(["promtool", "check", "rules", "--lint=none"], text, path)
    return found


def _rules(path: str, document: Any) -> Iterator[Rule]:
    groups = document.get("groups") if isinstance(document, dict) else None
    if not isinstance(groups, list):
        raise NotPlain(f"{path}: no groups")
    for group in groups:
        rules = group.get("rules") if isinstance(group, dict) else None
        for rule in rules or ():
            if not isinstance(rule, dict):
                raise NotPlain(f"{path}: a rule is a mapping")
            yield _rule(path, rule)


def _rule(path: str, rule: dict[str, Any]) -> Rule:
    name = str(rule.get("record") or rule.get("alert"))
    where = f"{path}, {name[:60]}"
    labels = {str(key): str(value) for key, value in (rule.get("labels") or {}).items()}
    if any("{{" in value for value in labels.values()):
        raise NotPlain(f"{where}: templates in labels are not understood")
    expression = str(rule.get("expr"))
    times = {key: seconds(rule.get(key, 0), f"{where}, {key}") for key in ("for", "keep_firing_for")}
    uses = frozenset(_uses(expression, where))
    return Rule(name, expression, "alert" in rule, uses, labels, times["for"], times["keep_firing_for"])


def _uses(expression: str, where: str) -> set[str]:
    """The metrics that an expression names. NotPlain if it looks ahead, or names none."""
    names: set[str] = set()

    def looked_at(node: Any) -> None:
        if getattr(node, "at", None) is not None:
            raise NotPlain(f"{where}: @ is not understood, since it sees what is still to come")
        offset = getattr(node, "offset", None)
        if offset is not None and offset.total_seconds() < 0:
            raise NotPlain(f"{where}: a negative offset sees what is still to come")
        if isinstance(node, promql.VectorSelector):
            names.add(_metric(node, where))

    try:
        promql.walk(promql.parse(expression), looked_at, lambda _: None)
    except NotPlain:
        raise
    except ValueError as error:
        raise NotPlain(f"{where}: {' '.join(str(error).split())[:200]}") from None
    return names


def _metric(node: Any, where: str) -> str:
    by = [each.value for each in node.matchers.matchers if each.name == "__name__" and str(each.op).endswith(".Equal")]
    name = str(node.name or next(iter(by), ""))
    if not name:
        raise NotPlain(f"{where}: a selector names its metric")
    if name in ("ALERTS", "ALERTS_FOR_STATE"):
        raise NotPlain(f"{where}: {name} is not there; write the other alert's expression")
    return name


def inlined(rules: list[Rule]) -> list[Rule]:
    """The same rules with recorded expressions written out where they are named plainly, and without records that
    nothing names any more: Prometheus then answers at once, and no block has to be made of what is recorded."""
    names = Counter(rule.name for rule in rules if not rule.alerts)
    texts: dict[str, str] = {}
    found: list[Rule] = []
    for rule in (rule for level in levels(rules) for rule in level):
        whole = _written_out(rule.expression, texts)
        if len(whole) <= LONGEST:
            rule = replace(rule, expression=whole, uses=frozenset(_uses(whole, rule.name)))
        if not rule.alerts and not rule.labels and names[rule.name] == 1:
            texts[rule.name] = rule.expression
        found.append(rule)
    wanted = frozenset[str]().union(*(rule.uses for rule in found if rule.alerts))
    for rule in reversed(found):
        wanted |= rule.uses if rule.name in wanted and not rule.alerts else frozenset()
    return [rule for rule in found if rule.alerts or rule.name in wanted]


def _written_out(expression: str, texts: Mapping[str, str]) -> str:
    tree = promql.parse(expression)
    ranges: set[str] = set()

    def looked_at(node: Any) -> None:
        if isinstance(node, promql.MatrixSelector):
            ranges.add(str(node.vector_selector.name))

    def plain(node: Any) -> Any:
        if not isinstance(node, promql.VectorSelector) or node.name not in texts or node.name in ranges:
            return None
        chosen = node.matchers.matchers or node.matchers.or_matchers or node.offset is not None
        return None if chosen else promql.parse(f"({texts[node.name]})")

    promql.walk(tree, looked_at, lambda _: None)
    return str(promql.transform(tree, lambda _: None, plain)) if texts else expression


def levels(rules: list[Rule]) -> list[list[Rule]]:
    """Rules in the order in which they can be evaluated: those of a level lean on levels before it alone."""
    recorded = {rule.name for rule in rules if not rule.alerts}
    left, known, found = list(rules), set[str](), list[list[Rule]]()
    while left:
        ready = [rule for rule in left if not rule.uses & recorded - known]
        if not ready or len(found) == MOST_LEVELS:
            raise NotPlain(
                f"{left[0].name}: recording rules lean on each other in a circle, or over {MOST_LEVELS} levels"
            )
        left = [rule for rule in left if rule not in ready]
        known |= {rule.name for rule in ready if rule.name not in {each.name for each in left}}
        found.append(ready)
    return found
