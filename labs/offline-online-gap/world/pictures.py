"""Pictures of the public season: two paths of one feature, what was said of systems, of arms, and of models."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import features
from charts import Axis, Bars, Cell, Chart, Dots, Line, Panel, Table, Tone
from experiments import CONTROL, Experiment, follows
from logs import Log
from systems import System

if TYPE_CHECKING:
    from world import World

CAUSES = "skew", "experiment", "metric"
NULL = -0.08
"""Where a null is drawn, on an axis from 0 to 1."""


def of(world: World) -> Iterator[Chart | Table]:
    """What can be drawn so far."""
    if world.rows:
        yield paths(*next(iter(world.rows.values())))
    said = [world.systems[case["id"]] for case in world.kinds["system"] if case["id"] in world.systems]
    if said:
        yield systems(said)
    asked = [each for each in world.experiments.values() if each.answers is not None]
    if asked:
        yield arms(asked)
    logs = [world.logs[case["id"]] for case in world.kinds["log"] if case["id"] in world.logs]
    if logs:
        yield worth(logs)


def paths(raw: Sequence[Mapping[str, Any]], rows: Mapping[str, Sequence[Mapping[str, float]]]) -> Chart:
    """Each of the six values: how far training and serving are from what is defined, request by request."""
    panels: list[Panel] = []
    off: dict[str, list[str]] = {"training": [], "serving": []}
    at = range(len(raw))
    for number, name in enumerate(features.NAMES):
        right = [features.values(one)[number] for one in raw]
        layers: list[Line | Dots] = [Line("as it is defined", [0, len(raw) - 1], [0, 0], Tone.GOOD)]
        for path, tone in (("training", Tone.YOURS), ("serving", Tone.BAD)):
            off_by = (row[name] - true for row, true in zip(rows[path], right, strict=True))
            far = [each if abs(each) > features.SLACK else 0.0 for each in off_by]
            layers.append(Dots(f"your {path}", at, far, tone, size=2.5, ring=path == "training"))
            off[path] += [name] if any(far) else []
        panels.append(Panel(layers, Axis("request"), Axis("off by"), name, 110))
    wrong = "; ".join(f"{path} is wrong in {', '.join(names)}" for path, names in off.items() if names)
    title = f"Of {len(raw)} requests {wrong}" if wrong else f"All six values of {len(raw)} requests are as defined"
    return Chart("paths", title, panels, columns=3)


def dots(name: str, points: Sequence[tuple[float, float]], tone: Tone, ring: bool = False) -> Dots:
    """A layer of points."""
    return Dots(name, [x for x, _ in points], [y for _, y in points], tone, size=2.5, ring=ring)


def systems(said: Sequence[tuple[System, dict[str, Any] | None]]) -> Table:
    """A row for each system: what is wrong with it, on the colour of whether it was said."""
    rows, right, all_ = [], 0, 0
    for one, answer in said:
        row: list[object] = [one.id]
        for cause in CAUSES:
            there = ", ".join(one.skewed) if cause == "skew" else one.kinds[cause]
            good = answer is not None and (
                sorted(set(answer["skew"])) == one.skewed if cause == "skew" else answer[cause] is bool(there)
            )
            right, all_ = right + good, all_ + 1
            row.append(Cell(there or "sound", Tone.GOOD if good else Tone.BAD, 0.3 if good else 1))
        rows.append(row)
    title = f"{right} of {all_} causes are named, or left out, as they should be; red ones are not"
    return Table("systems", title, ["what is wrong with", "features", "experiment", "metric"], rows)


def arms(asked: Sequence[Experiment]) -> Chart:
    """Of each experiment: who has the same arm when asked again, and how far its arms follow another's."""
    same, stay, follow = [], [], []
    answers = {one.id: one.answers for one in asked if one.answers is not None}
    for one in asked:
        first, second, third, fourth = answers[one.id]
        again = [first[user] == arm for user, arm in second.items() if user in first]
        kept = [arm == first[user] for user, arm in (third | fourth).items() if first.get(user, CONTROL) != CONTROL]
        same.append(100 * sum(again) / max(len(again), 1))
        stay.append(100 * sum(kept) / max(len(kept), 1))
        others = [other for other in asked if other is not one and other.population == one.population]
        follow.append(100 * max((follows(first, answers[other.id][0]) for other in others), default=0.0))
    at, x = range(len(asked)), Axis("experiment", names=[one.name.partition("-")[0] for one in asked])
    panels = [
        Panel([Bars("asked again, the same arm", at, same, Tone.YOURS, beside=(0, 2)),
               Bars("treatment raised, the same treatment", at, stay, Tone.OTHER, beside=(1, 2))],
              x, Axis("of users: should be all", "%", 0, 100), "", 110),
        Panel([Bars("follows another experiment", at, follow, Tone.BAD)],
              x, Axis("correlation of arms: should be near 0", "%", 0, 100), "", 90),
    ]  # fmt: skip
    moved = sum(a < 100 or b < 100 for a, b in zip(same, stay, strict=True))
    tied = sum(each >= 13 for each in follow)
    title = f"In {moved} of {len(asked)} experiments users change their arm, and {tied} follow another experiment"
    return Chart("arms", title, panels)


def worth(logs: Sequence[tuple[Log, dict[str, float] | None]]) -> Chart:
    """Of each log eight models: what they are worth, and the score that they were given."""
    panels = []
    for one, answer in logs:
        scores = {name: answer[name] for name in one.truth if answer is not None and math.isfinite(answer[name])}
        points = [(one.truth[name], float(rank)) for rank, name in enumerate(sorted(scores, key=scores.__getitem__), 1)]
        panels.append(Panel([dots("a model", points, Tone.YOURS)], Axis("EUR a search"), Axis("your rank"), "", 100))
    pairs = [answer is not None and answer[better] > answer[worse]
             for one, answer in logs for better, worse, _ in one.pairs]  # fmt: skip
    title = f"{sum(pairs)} of {len(pairs)} pairs of models are ordered by what they are worth: ranks should rise"
    return Chart("worth", title, panels, columns=3)


def columns(one: System) -> Chart:
    """The columns of a system: offline to the right, served upwards; nulls stand below the others."""
    asked, panels = one.asked["features"], []
    for at, name in enumerate(asked["names"]):
        pairs = [(row[at], other[at]) for row, other in zip(asked["offline"], asked["served"], strict=True)]
        alike = sum(a == b or None not in (a, b) and abs(a - b) <= 1e-5 * abs(a) for a, b in pairs)
        right, up = (spread([pair[axis] for pair in pairs]) for axis in (0, 1))
        tone = Tone.BAD if name in one.skewed else Tone.YOURS
        words = f"{name}{' (volatile)' if name in asked['volatile'] else ''}: {len(pairs) - alike} differ"
        axis = Axis(low=-0.1, high=1, step=2)
        panels.append(Panel([Dots("", right, up, tone, size=1.5)], axis, axis, words, 110))
    return Chart("columns", "Features: offline to the right, served upwards, nulls below", panels, columns=4)


def launches(one: System) -> Chart:
    """What launches promised, and what they brought."""
    points = [(launch["offline"], launch["online"]) for launch in one.asked["launches"]]
    panel = Panel([dots("", points, Tone.YOURS)], Axis("offline", "%"), Axis("online", "%"))
    return Chart("launches", "What each launch promised, and what it brought", [panel])


def spread(values: Sequence[float | None]) -> list[float]:
    """Numbers from 0 to 1; nulls stand a little below."""
    known = [value for value in values if value is not None]
    low, width = min(known, default=0), (max(known, default=0) - min(known, default=0)) or 1
    return [NULL if value is None else (value - low) / width for value in values]
