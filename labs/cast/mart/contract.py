"""A market's own way of writing: its contract as a document, its batches, and the batches that break it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from markets import NUMBERS, UNITS, Form, Incident, Market, Plan
from sales import FEWEST, LIMITS, batch, generator

FEWEST_ROWS = FEWEST // 2
Columns = dict[str, list[Any]]


def document(plan: Plan, market: Market, today: int) -> dict[str, Any]:
    """The contract as published by a day: one version for each form that was in force until then."""
    forms = [form for form in market.forms if form.since <= today]
    return {"market": market.id, "versions": [_version(plan, form) for form in forms]}


def _version(plan: Plan, form: Form) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "sku": {"name": form.names["sku"], "type": "text", "unique": True},
        "date": {"name": form.names["date"], "type": "date"},
    }
    for column in NUMBERS:
        factor, offset = form.scale(column)
        low, high = limits(form, column)
        columns[column] = {
            "name": form.names[column],
            "type": "number",
            "unit": form.units[column],
            "to": next(iter(UNITS[column])),
            "factor": factor,
            "offset": offset,
            "min": round(low, 3),
            "max": round(high, 3),
        }
    return {"version": form.version, "from": plan.date(form.since), "min_rows": min_rows(form), "columns": columns}


def min_rows(form: Form) -> int:
    """The least number of rows of a sound batch."""
    return FEWEST_ROWS if form.min_rows is None else form.min_rows


def limits(form: Form, column: str) -> list[float]:
    """The least and the greatest sound value of a column, in the form's unit."""
    factor, offset = form.scale(column)
    return [(limit - offset) / factor for limit in form.limits.get(column, LIMITS[column])]


def rows_of(plan: Plan, market: Market, day: int) -> dict[str, Any]:
    """The sound rows of a day, canonical."""
    incident = market.incidents.get(day)
    kind = incident.kind if incident else ""
    return batch(plan.seed, market.id, day, kind == "busy", kind == "mislabelled")


def written(plan: Plan, market: Market, day: int, on: int) -> dict[str, Any] | None:
    """The batch of a day as it is to be had on day `on`; None if it is not there."""
    incident = market.incidents.get(day)
    form = market.form(day)
    sound = market.sound(day, on)
    if incident is not None and incident.kind == "late" and not sound:
        return None
    columns = _columns(plan, market, day, form)
    if incident is not None and (not sound or not incident.refusable):
        columns = SPOILS.get(incident.kind, _as_it_is)(columns, _Case(plan, market, day, form, incident))
    return {"market": market.id, "day": plan.date(day), "schema": form.version, "columns": columns}


def _columns(plan: Plan, market: Market, day: int, form: Form) -> Columns:
    rows = rows_of(plan, market, day)
    count = len(rows["sku"])
    columns: Columns = {
        form.names["sku"]: rows["sku"].tolist(),
        form.names["date"]: [plan.date(day)] * count,
    }
    for column in NUMBERS:
        factor, offset = form.scale(column)
        columns[form.names[column]] = np.round((rows[column] - offset) / factor, 4).tolist()
    return columns


class _Case:
    """What a spoiler needs to know."""

    def __init__(self, plan: Plan, market: Market, day: int, form: Form, incident: Incident) -> None:
        self.plan, self.market, self.day, self.form = plan, market, day, form
        self.ours = incident.column or "price"
        self.column = form.names[self.ours]
        self.rng = generator(plan.seed, market.id, day, "spoil")

    def some(self, count: int) -> list[int]:
        """One, two, three or a tenth of so many rows, drawn."""
        return sorted(self.rng.permutation(count)[: int(self.rng.choice([1, 2, 3, count // 10]))].tolist())


def _as_it_is(columns: Columns, case: _Case) -> Columns:
    return columns


def _empty(columns: Columns, case: _Case) -> Columns:
    return {name: [] for name in columns}


def _put(value: Callable[[_Case], Any]) -> Callable[[Columns, _Case], Columns]:
    def spoil(columns: Columns, case: _Case) -> Columns:
        values = list(columns[case.column])
        for row in case.some(len(values)):
            values[row] = value(case)
        return {**columns, case.column: values}

    return spoil


def _outside(case: _Case) -> float:
    """Below or above what is sound, by a twentieth of its width or by ten times that width."""
    low, high = limits(case.form, case.ours)
    beyond = (high - low) * float(case.rng.choice([0.05, 10.0]))
    return round(low - beyond if case.rng.random() < 0.5 else high + beyond, 4)


def _unit(columns: Columns, case: _Case) -> Columns:
    return {**columns, case.column: [round(value * 1000 + 1000, 2) for value in columns[case.column]]}


def _duplicate(columns: Columns, case: _Case) -> Columns:
    rows = case.some(len(next(iter(columns.values()))))
    return {name: values + [values[row] for row in rows] for name, values in columns.items()}


def _short(columns: Columns, case: _Case) -> Columns:
    count = int(case.rng.integers(1, min_rows(case.form)))
    return {name: values[:count] for name, values in columns.items()}


def _old(columns: Columns, case: _Case) -> Columns:
    """The rows of the day before, dates and all, or some rows with its date."""
    if case.rng.random() < 0.5:
        return _columns(case.plan, case.market, case.day - 1, case.form)
    date = case.form.names["date"]
    values = list(columns[date])
    for row in case.some(len(values)):
        values[row] = case.plan.date(case.day - 1)
    return {**columns, date: values}


def _gone(columns: Columns, case: _Case) -> Columns:
    return {name: values for name, values in columns.items() if name != case.column}


def _extra(columns: Columns, case: _Case) -> Columns:
    count = len(next(iter(columns.values())))
    return {**columns, f"note_{case.day % 7}": [None] * count}


def _shuffled(columns: Columns, case: _Case) -> Columns:
    order = case.rng.permutation(len(next(iter(columns.values()))))
    return {name: [columns[name][row] for row in order] for name in reversed(columns)}


SPOILS: Mapping[str, Callable[[Columns, _Case], Columns]] = {
    "empty": _empty,
    "null": _put(lambda case: None),
    "range": _put(_outside),
    "unit": _unit,
    "duplicate": _duplicate,
    "short": _short,
    "old": _old,
    "text": _put(lambda case: str(case.rng.choice(["n/a", "-", "closed"]))),
    "gone": _gone,
    "extra": _extra,
    "shuffled": _shuffled,
}
