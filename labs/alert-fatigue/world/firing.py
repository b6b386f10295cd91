"""Alerts over a week: each rule evaluated by the real Prometheus, `for` and `keep_firing_for` by a state machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

import programs
from calendar_week import STEP_S
from metrics import EPOCH, escaped
from plainyaml import NotPlain
from rules import Rule, inlined, levels
from spans import Alert, Labels, Spans, firing

MOST_ALERTS = 1_500


def fired(rules: list[Rule], blocks: Path) -> list[Alert]:
    """All alerts of a week. NotPlain if a rule cannot be evaluated."""
    found: dict[Labels, list[tuple[int, int]]] = defaultdict(list)
    spent = 0
    with programs.serving(blocks) as first:
        server, order = first, levels(inlined(rules))
        try:
            for number, level in enumerate(order):
                recorded: list[tuple[Rule, list[Any]]] = []
                for rule in level:
                    series, samples = server.over(rule.expression)
                    spent = bounded(rule, spent + samples)
                    if rule.alerts:
                        for labels, spans in alerts(rule, series):
                            found[labels] += spans
                    else:
                        recorded.append((rule, series))
                if recorded and number + 1 < len(order):
                    server.stop()
                    copy = blocks.with_name(f"{blocks.name}-run")
                    programs.make_blocks(lambda file, each=recorded: write(each, file), copy)  # type: ignore[misc]
                    server = programs.Server(copy)
        finally:
            server.stop()
    if len(found) > MOST_ALERTS:
        raise NotPlain(f"more than {MOST_ALERTS} different alerts in a week")
    return [Alert(labels, Spans(spans)) for labels, spans in found.items()]


def bounded(rule: Rule, spent: int) -> int:
    """What was spent so far, if it is not too much; else NotPlain."""
    if spent > programs.MOST_SAMPLES:
        raise NotPlain(f"{rule.name}: all rules together read more than {programs.MOST_SAMPLES:.0e} samples a week")
    return spent


def alerts(rule: Rule, series: Iterable[Any]) -> Iterable[tuple[Labels, list[tuple[int, int]]]]:
    """Of one rule, the label sets of its alerts and when they fire."""
    for each in series:
        labels = {key: text for key, text in each["metric"].items() if key != "__name__"}
        labels |= {**rule.labels, "alertname": rule.name}
        spans = firing([(int(at) - EPOCH) // STEP_S for at, _ in each["values"]], rule.for_s, rule.keep_s)
        if spans:
            yield tuple(sorted((key, text) for key, text in labels.items() if text)), spans


def write(recorded: Iterable[tuple[Rule, list[Any]]], file: TextIO) -> None:
    """Recorded series as OpenMetrics."""
    seen: dict[str, list[tuple[str, list[Any]]]] = defaultdict(list)
    for rule, series in recorded:
        for each in series:
            labels = {key: text for key, text in each["metric"].items() if key != "__name__"} | dict(rule.labels)
            inside = ",".join(f'{key}="{escaped(text)}"' for key, text in sorted(labels.items()))
            seen[rule.name].append((f"{rule.name}{{{inside}}} ", each["values"]))
    for name in sorted(seen):
        file.write(f"# TYPE {name} unknown\n")
        for head, values in seen[name]:
            file.writelines(f"{head}{value} {int(at)}\n" for at, value in values)
    file.write("# EOF\n")
