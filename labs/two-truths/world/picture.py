"""The picture and the tables of the page: which features were told truly at checkout, and which in training."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from casebook import page
from casebook.page import Html
from charts import Axis, Chart, Dots, Panel, Tone
from everyday import Seen
from truth import same

NEW = "a new or changed one"
SHOWN = 3


def told_truly(true: dict[str, Any], said: dict[str, Any]) -> dict[str, bool]:
    """Of each feature, whether it is what is defined."""
    return {name: name in said and same(true[name], said[name]) for name in true}


def drawn(seen: Sequence[Seen]) -> Chart:
    """A row is a feature, a column a checkout, a panel one of the ways to a value."""
    ways = [
        ("at checkout", [told_truly(one.defined, one.online) for one in seen]),
        ("in training, of the same moment", [told_truly(one.defined, one.training) for one in seen]),
        ("in training, of three weeks before", [told_truly(one.before, one.training_before) for one in seen]),
    ]
    names = sorted({_row(one, name) for one in seen for name in one.features}, key=lambda name: (name == NEW, name))
    panels = [
        Panel(
            _dots(seen, found, names),
            x=Axis(f"checkouts ago: {way}", low=-len(seen), high=0.0),
            y=Axis("", names=names),
        )
        for way, found in ways
    ]
    wrong = [sum(not good for found in way for good in found.values()) for _, way in ways]
    many = max(1, sum(len(one.features) for one in seen))
    title = (
        f"Of {many} values {wrong[0]} are wrong at checkout, {wrong[1]} in training, {wrong[2]} in training of long ago"
    )
    return Chart("ways", title, panels)


def _row(one: Seen, name: str) -> str:
    return NEW if one.moment.kind == "versions" else name


def _dots(seen: Sequence[Seen], found: Sequence[dict[str, bool]], names: list[str]) -> list[Dots]:
    points = [
        (float(place - len(seen)), names.index(_row(one, name)), good)
        for place, (one, goods) in enumerate(zip(seen, found, strict=True))
        for name, good in goods.items()
    ]
    points.sort(key=lambda point: not point[2])
    return [
        Dots("as defined", [x for x, _, good in points if good], [y for _, y, good in points if good], Tone.YOURS),
        Dots(
            "not as defined",
            [x for x, _, good in points if not good],
            [y for _, y, good in points if not good],
            Tone.BAD,
        ),
    ]


def told(seen: Sequence[Seen]) -> list[Html]:
    """The newest checkouts, feature by feature."""
    parts = []
    head = ["feature", "defined", "at checkout", "in training", "defined, three weeks before", "in training"]
    for one in list(seen)[: -SHOWN - 1 : -1]:
        rows = [
            [
                f"{name} v{version}",
                *(
                    _short(way.get(name, "nothing"))
                    for way in (one.defined, one.online, one.training, one.before, one.training_before)
                ),
            ]
            for name, version in one.features.items()
        ]
        parts += [
            page.heading(f"{one.moment.customer} at {one.moment.at:%Y-%m-%d %H:%M:%S} UTC"),
            page.table(head, rows),
        ]
    return parts


def _short(value: object) -> str:
    if value is None:
        return "null"
    return f"{value:.12g}" if isinstance(value, int | float) and math.isfinite(value) else str(value)[:20]


def figures(seen: Sequence[Seen]) -> dict[str, int]:
    """Of the newest checkouts, how many had all of their values right at checkout and in training, or not."""
    found = {"both": 0, "checkout": 0, "training": 0, "neither": 0}
    for one in seen:
        online = all(told_truly(one.defined, one.online).values())
        training = all(told_truly(one.defined, one.training).values())
        found["both" if online and training else "checkout" if online else "training" if training else "neither"] += 1
    return found
