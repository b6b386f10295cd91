"""Pictures of the public incidents: one evening as it went, who was hurt, what was weighed, what is done about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import judge
import numpy as np
from charts import Axis, Chart, Dots, Line, Marks, Panel, Spans, Table, Tone
from charts.table import Cell
from cited.values import is_number
from kinds import FACTORS

if TYPE_CHECKING:
    from cited.values import Value
    from scene import Change
    from world import Seen


def of(seen: Sequence[Seen]) -> Iterator[Chart | Table]:
    """What can be drawn so far."""
    reviewed = [one for one in seen if one.document]
    if reviewed:
        yield evening(next((one for one in reviewed if one.made.truth.cause.startswith("change:")), reviewed[0]))
        yield suspects(reviewed)
        yield people(reviewed)
        yield actions(reviewed)


def _names(seen: Sequence[Seen]) -> list[str]:
    return [f"{one.number}, {one.made.scene.component}" for one in seen]


def evening(one: Seen) -> Chart:
    """The first incident: payments that failed, each change where it was and where a wrong clock puts it."""
    truth, scene = one.made.truth, one.made.scene
    begin = scene.start.astype("datetime64[m]")
    minutes = [float(at) for at in range(len(truth.minutes))]
    offsets = [60 * offset for offset in scene.offsets]
    true = [(change.begun / 60, change) for change in scene.changes]
    end = len(minutes)
    inside = [(when, change) for when, change in true if 0 <= when <= end]
    others = [
        (when + offsets[change.office], change) for when, change in true if 0 <= when + offsets[change.office] <= end
    ]
    started = (truth.started - begin) / np.timedelta64(60, "s")
    ended = (truth.ended - begin) / np.timedelta64(60, "s")
    cause = judge.said(one.found, "cause")
    panels = [
        Panel(
            [
                Spans("the incident", [(started, ended)], Tone.BAD),
                Line("payments of customers that failed", minutes, [100 * each for each in truth.minutes], Tone.TRUTH),
                Marks("your review", *_told(one, begin), Tone.YOURS),
            ],
            Axis("minute of the evening"),
            Axis("failed", "%", low=0, high=100),
        ),
        Panel(
            [
                Spans("suspects lie here", [(started - 30, started)], Tone.GOOD),
                Dots("when it was begun", [when for when, _ in inside], [1] * len(inside), Tone.TRUTH, size=5),
                Dots("as its office shows it", [when for when, _ in others], [0] * len(others), Tone.OTHER, size=5),
                Marks("", _of(inside, truth.cause), ["the cause"], Tone.BAD),
                Marks("", _of(others, cause), ["your cause"], Tone.YOURS),
            ],
            Axis("minute of the evening", low=0, high=end),
            Axis(names=["shown", "begun"]),
        ),
    ]  # fmt: skip
    title = f"The cause was {truth.cause}; the review says {cause or 'nothing'}"
    return Chart("evening", title, panels)


def _of(inside: Sequence[tuple[float, Change]], cause: Value | None) -> list[float]:
    """When a cause was begun, if it is a change of the evening."""
    return [when for when, change in inside if cause == f"change:{change.id}"]


def _told(one: Seen, begin: np.datetime64) -> tuple[list[float], list[str]]:
    """Times that the review gives, in minutes."""
    told = [(name, judge.said(one.found, name)) for name in ("started", "ended")]
    found = [
        (float((np.datetime64(value) - begin) / np.timedelta64(60, "s")), name)
        for name, value in told
        if isinstance(value, datetime)
    ]
    return [when for when, _ in found], [f"your {name}" for _, name in found]


def suspects(seen: Sequence[Seen]) -> Chart:
    """A row an incident: what each suspect weighs, and what the review makes of it."""
    layers: dict[str, list[tuple[float, int]]] = {"cause": [], "others": [], "yours": []}
    right = 0
    for row, one in enumerate(seen):
        truth = one.made.truth
        layers["cause"].append((100 * truth.weight, row))
        layers["others"] += [
            (100 * weight, row) for change, weight in truth.weights.items() if f"change:{change}" != truth.cause
        ]
        for name in one.found.values:
            if name.startswith("weighed-") and is_number(value := judge.said(one.found, name)):
                layers["yours"].append((100 * value, row))
        right += dict(one.words).get("weighed", ("", ""))[0] == "right"
    cause, others, yours = (([each[0] for each in layer], [each[1] for each in layer]) for layer in layers.values())
    title = f"{right} of {len(seen)} reviews weigh every suspect; one that goes back may be innocent"
    return Chart(
        "suspects",
        title,
        [
            Panel(
                [
                    Dots("the cause", cause[0], cause[1], Tone.BAD, size=7, ring=True),
                    Dots("innocent suspects", others[0], others[1], Tone.TRUTH, size=5, ring=True),
                    Dots("your review weighs", yours[0], yours[1], Tone.YOURS, size=3),
                ],
                Axis("failed share of payments that met it, less that of the others", "points", low=-100, high=100),
                Axis(names=_names(seen)),
                height=26 * len(seen),
            )
        ],
    )


def people(seen: Sequence[Seen]) -> Chart:
    """A row an incident: customers who did not get to pay, and what the review says."""
    truths = [float(one.made.truth.customers) for one in seen]
    told = [judge.said(one.found, "customers") for one in seen]
    right = sum(_near(value, truth) for value, truth in zip(told, truths, strict=True))
    rows = [at for at, value in enumerate(told) if is_number(value)]
    layers = [
        Dots("could not pay", truths, range(len(seen)), Tone.TRUTH, size=6, ring=True),
        Dots("the review says", [float(value) for value in told if is_number(value)], rows, Tone.YOURS, size=4),
    ]
    title = f"{right} of {len(seen)} reviews name how many customers could not pay"
    panel = Panel(layers, Axis("customers", low=0), Axis(names=_names(seen)), height=26 * len(seen))
    return Chart("people", title, [panel])


def _near(value: Value | None, truth: float) -> bool:
    return judge.near("customers", value, truth)


def actions(seen: Sequence[Seen]) -> Table:
    """A row an incident: factors that held, and actions that the review has."""
    rows, wrong = [], 0
    for one in seen:
        cells: list[Cell | str] = []
        for factor in FACTORS:
            held, acted = factor in one.made.truth.holds, judge.said(one.found, f"action-{factor}") is not None
            wrong += held != acted
            words = {(True, True): "held", (True, False): "no action", (False, True): "for nothing"}
            tone = Tone.GOOD if held and acted else Tone.BAD if held or acted else None
            cells.append(Cell(words.get((held, acted), ""), tone))
        rows.append([f"{one.number}", *cells])
    title = f"{wrong} actions stand there for nothing, or are not there"
    return Table("actions", title, ["incident", *FACTORS], rows)
