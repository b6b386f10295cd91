"""Pictures of the public shops: how each kind of step went, and each shop's steps in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from casebook.page import Picture
from charts import Axis, Chart, Panel, Spans, Tone
from pages import Calls

if TYPE_CHECKING:
    from world import Step, World

PLAIN = "plain", "sale", "dearer", "new parts", "other order", "out of stock", "one more column"
"""Ways of a feed in which every column is in the unit it should be."""

RIGHT, LEFT = "as it should be", "accepted, though it is wrong; or still there"
PARTS = {
    RIGHT: Tone.GOOD,
    LEFT: Tone.BAD,
    "another answer than it always was": Tone.OTHER,
    "not named, or not degraded": Tone.MORE,
    "no answer, or none of that form": Tone.TRUTH,
}
MEANS = {
    "accepted": LEFT,
    "unnamed": "not named, or not degraded",
    "degraded": "not named, or not degraded",
    "none": "no answer, or none of that form",
    "malformed": "no answer, or none of that form",
    "status": "no answer, or none of that form",
}
"""What words mean; any other that is not right is another answer."""

KINDS = {
    "push": "good pushes",
    "close": "month ends",
    "sound": "sound feeds",
    "units": "feeds in another unit",
    "refuse": "bad pushes",
    "function": "dead functions",
}


def of(world: World) -> Iterator[Picture]:
    """What can be drawn so far."""
    if world.seen:
        yield shares(world)
        yield steps(world)


def kind(case: Step) -> str:
    """The row of a step."""
    return {"feed": "sound" if case.get("way") in PLAIN else "units"}.get(case["kind"], case["kind"])


def went(calls: Calls) -> str:
    """What a step came to: the first of its calls that went wrong."""
    word = next((word for _, _, word in calls if word not in ("", "right")), "right")
    return RIGHT if word == "right" else MEANS.get(word, "another answer than it always was")


def shares(world: World) -> Chart:
    """Of each kind of step, how many went in which way; and the functions that are gone."""
    counts = {name: dict.fromkeys(PARTS, 0) for name in KINDS}
    for case, calls in world.seen.values():
        counts[kind(case)][went(calls)] += 1
    for where in world.left.values():
        counts["function"][LEFT if where else RIGHT] += 1
    spans: dict[str, list[tuple[float, float]]] = {name: [] for name in PARTS}
    rows: dict[str, list[int]] = {name: [] for name in PARTS}
    for row, parts in enumerate(counts.values()):
        whole, at = sum(parts.values()) or 1, 0.0
        for part, many in parts.items():
            if many:
                spans[part].append((at, at + 100 * many / whole))
                rows[part].append(row)
                at += 100 * many / whole
    layers = [Spans(name, spans[name], tone, rows=rows[name], tall=0.7, solid=True) for name, tone in PARTS.items()]
    title = (
        f"{told(counts['refuse'])} bad pushes are refused, {told(counts['units'])} feeds in another unit are seen, "
        f"{told(counts['function'])} dead functions are gone"
    )
    return Chart("shares", title, [Panel(layers, Axis("of them", "%", 0, 100), Axis(names=list(KINDS.values())))])


def told(counts: Mapping[str, int]) -> str:
    """How many of a kind are as they should be."""
    return f"{counts[RIGHT]} of {sum(counts.values())}"


def steps(world: World) -> Chart:
    """A row for each shop: its steps in the order in which they come."""
    shops = dict[str, list[tuple[str, str]]]()
    for case, calls in world.seen.values():
        shops.setdefault(case["tenant"], []).append((kind(case), went(calls)))
    spans: dict[str, list[tuple[float, float]]] = {name: [] for name in PARTS}
    rows: dict[str, list[int]] = {name: [] for name in PARTS}
    feeds, where = [], []
    for row, all_ in enumerate(shops.values()):
        for at, (what, part) in enumerate(all_):
            spans[part].append((at + 0.08, at + 0.92))
            rows[part].append(row)
            if what == "units":
                feeds.append((at + 0.08, at + 0.92))
                where.append(row)
    layers = [Spans(name, spans[name], tone, rows=rows[name], tall=0.5, solid=True) for name, tone in PARTS.items()]
    layers.append(
        Spans("a feed in another unit comes", feeds, Tone.YOURS, rows=where, tall=0.12, apart=-0.38, solid=True)
    )
    good = sum(part == RIGHT for all_ in shops.values() for _, part in all_)
    title = (
        f"{good} of {sum(map(len, shops.values()))} steps of the shops go as they should, in the order of their coming"
    )
    panel = Panel(layers, Axis("step", low=0), Axis(names=list(shops)), height=40 * len(shops))
    return Chart("steps", title, [panel])
