"""Alerts over a week: each rule evaluated by the real Prometheus, `for` and `keep_firing_for` by a state machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import programs
from calendar_week import STEP_S
from plainyaml import NotPlain
from programs import Server
from remote import EPOCH, Series
from rules import Rule, inlined, levels
from spans import Alert, Labels, Spans, firing

MOST_ALERTS = 1_500


def fired(rules: list[Rule], server: Server) -> list[Alert]:
    """All alerts of the week that a server has. NotPlain if a rule cannot be evaluated."""
    found: dict[Labels, list[tuple[int, int]]] = defaultdict(list)
    spent = 0
    for level in levels(inlined(rules)):
        for rule in level:
            series, samples = server.over(rule.expression)
            spent = bounded(rule, spent + samples)
            if rule.alerts:
                for labels, spans in alerts(rule, series):
                    found[labels] += spans
            else:
                server.take(recorded(rule, series))
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


def recorded(rule: Rule, series: Iterable[Any]) -> Iterator[Series]:
    """What a rule records, as series."""
    for each in series:
        labels = {key: text for key, text in each["metric"].items() if key != "__name__"} | dict(rule.labels)
        steps = np.array([(int(at) - EPOCH) // STEP_S for at, _ in each["values"]])
        yield rule.name, labels, steps, np.array([float(value) for _, value in each["values"]])
