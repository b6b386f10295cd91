"""Pictures of the public season: what hurts and what was said of it, the same dip with four causes, and the bill."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from charts import Axis, Bars, Chart, Dots, Line, Marks, Panel, Spans, Tone
from kinds import DAYS, FREE, KINDS, names, price

if TYPE_CHECKING:
    from judge import Diary
    from world import World

DAY = Axis("day", low=0, high=DAYS, step=2)


def of(world: World) -> Iterator[Chart]:
    """What can be drawn so far."""
    if world.today >= 0:
        yield reported(world)
        yield dips(world)
        yield bill(world)


def ordered(world: World) -> list[Diary]:
    """Collections by what happens to them first."""
    return sorted(world.diaries.values(), key=lambda one: (kinds(one) or ["~"], one.case["name"]))


def kinds(one: Diary) -> list[str]:
    """What happens to a collection."""
    return [change["kind"] for change in one.case["changes"]]


def troubled(one: Diary) -> list[tuple[float, float]]:
    """The days on which something is wrong."""
    return [(day, day + 1) for day, bad in enumerate(one.troubled) if bad]


def reported(world: World) -> Chart:
    """A row for each collection: the days on which something is wrong, and reports about it."""
    diaries = ordered(world)
    points: dict[str, list[tuple[float, float]]] = {"right": [], "mistaken": [], "nothing": []}
    spans = [(span, row) for row, one in enumerate(diaries) for span in troubled(one)]
    for row, one in enumerate(diaries):
        for day, said in one.reports.items():
            begun = [change for change in one.case["changes"] if change["day"] <= day]
            for kind in said:
                right = bool(begun) and kind in names(begun[-1])
                what = "nothing" if not one.troubled[day] else "right" if right else "mistaken"
                points[what].append((day + 0.5, row))
    hurt = sum(one.troubled[-1] for one in diaries if one.troubled)
    title = (
        f"{len(points['right'])} reports are right, {len(points['mistaken'])} have another kind, "
        f"{len(points['nothing'])} are about nothing; on day {world.today} something is still wrong "
        f"in {hurt} of {len(diaries)} collections"
    )
    layers = [
        Spans("something is wrong", [span for span, _ in spans], Tone.BAD, rows=[row for _, row in spans]),
        Dots("your report, right", *columns(points["right"]), Tone.YOURS, size=4),
        Dots("your report, another kind", *columns(points["mistaken"]), Tone.YOURS, size=4, ring=True),
        Dots("your report, about nothing", *columns(points["nothing"]), Tone.OTHER, ring=True),
    ]
    rows = [f"{one.case['name']}: {', '.join(kinds(one)) or 'calm'}" for one in diaries]
    return Chart("reported", title, [Panel(layers, DAY, Axis(names=rows), height=15 * len(rows))])


def dips(world: World) -> Chart:
    """Of each kind the first collection: best similarity, recall, and what was done."""
    panels = []
    for kind in KINDS:
        one = next((one for one in ordered(world) if kinds(one)[:1] == [kind]), None)
        if one is not None:
            panels.append(lines(one, f"{kind}: {one.case['name']}"))
    return Chart("dips", "One dip of similarity has four causes; recall falls with three of them", panels, columns=2)


def lines(one: Diary, title: str) -> Panel:
    """A collection, day by day."""
    days = [day + 0.5 for day in range(len(one.recall))]
    did = [(day + 1.0, ", ".join(orders)) for day, orders in sorted(one.actions.items())]
    before = ["", *(orders for _, orders in did)]
    # What is ordered again is named once: its names would lie over each other.
    marks = [(at, "" if orders == last else orders) for (at, orders), last in zip(did, before, strict=False)]
    layers = [
        Spans("something is wrong", troubled(one), Tone.BAD),
        Line("recall", days, one.recall, Tone.TRUTH),
        Line("best similarity, mean", days, one.best, Tone.OTHER),
        Marks("your action", [at for at, _ in marks], [what for _, what in marks], Tone.YOURS),
    ]
    return Panel(layers, DAY, Axis(low=0, high=1), title, 120)


def bill(world: World) -> Chart:
    """What each collection has cost, beside what it may."""
    diaries = ordered(world)
    most = [FREE + sum(map(price, one.case["changes"])) for one in diaries]
    cost = [sum(one.one.spent.values()) for one in diaries]
    over = sum(paid > may for paid, may in zip(cost, most, strict=True))
    rows = range(len(diaries) + 1)
    layers = [
        Bars("cost", [row + 0.5 for row in rows[:-1]], cost, Tone.YOURS),
        Line("may cost", list(rows), [*most, most[-1]], Tone.GOOD, stepped=True),
    ]
    title = f"{over} of {len(diaries)} collections have cost more than they may; all together {sum(cost)}"
    across = Axis("collection, as above", low=0, high=len(diaries))
    return Chart("bill", title, [Panel(layers, across, Axis("cost", low=0), height=120)])


def columns(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Points as two columns."""
    return [x for x, _ in points], [y for _, y in points]
