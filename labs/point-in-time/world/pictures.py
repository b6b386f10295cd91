"""Pictures of the public season: what the store gave for a moment, against what was known then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from charts import Axis, Chart, Dots, Line, Marks, Panel, Spans, Tone
from charts.layers import Layer
from history import DAY, DAYS, HOUR, Feed, Number
from judge import Said, source

if TYPE_CHECKING:
    from world import Row, World

FAR = 72
"""Hours before and after a moment that are drawn."""
MOST = 14
"""Numbers of one key that are drawn around a moment."""
SHOWN = 2
"""Couriers whose season is drawn."""


def of(world: World) -> Iterator[Chart]:
    """What this lap has shown so far: both from its begin on, so that none stays of the lap before."""
    yield leak(world)
    yield seasons(world)


def key_of(row: Row, feed: Feed) -> str:
    """The courier or the district of a row."""
    return row["courier"] if feed.table.key == "courier" else row["district"]


def leak(world: World) -> Chart:
    """Each training row's number of its courier, by when it was published."""
    feed, season = world.season.couriers, world.season
    rows = [row for row in world.rows.values() if not row["online"]]
    got: list[tuple[float, float]] = []
    known: list[tuple[float, float]] = []
    for row in rows:
        right, day = feed.known(row["courier"], row["moment"]), row["moment"] / DAY
        if right:
            known.append((day, (right.published - row["moment"]) / HOUR))
        said = world.trained.get(row["id"], {})
        if number := source(feed, row["courier"], 0, said.get(feed.table.columns[0])):
            got.append((day, (number.published - row["moment"]) / HOUR))
    future = [each for each in got if each[1] > 0]
    past = [each for each in got if each[1] <= 0]
    layers: list[Layer] = [
        Dots("what was known then", *_xy(known), Tone.TRUTH, size=4.5, ring=True),
        Dots("your store gave a number of the past", *_xy(past), Tone.YOURS, size=2.5),
        Dots("your store gave a number of the future", *_xy(future), Tone.BAD),
        Line("the row's moment", [0, DAYS], [0, 0], Tone.OTHER),
    ]
    asked = [row["id"] for row in rows if row["id"] in world.words]
    lost = sum(name not in world.trained for name in asked)
    title = f"{len(future)} of {len(asked)} training rows hold a number of their courier from their future"
    title += f"; {lost} rows are lost" if lost else ""
    if not asked:
        title = f"Training has not asked yet in this lap: it asks for {len(rows)} rows when the two weeks are over"
    across = Axis(f"day of the row, from {season.time(0)[:10]}", low=0, high=DAYS)
    panel = Panel(layers, across, Axis("published after the row's moment", "hours", -FAR, FAR, 24), height=260)
    return Chart("leak", title, [panel])


def seasons(world: World) -> Chart:
    """Couriers' seasons: what was known all along, and what training and street were given."""
    feed, rows = world.season.couriers, list(world.rows.values())
    many = Counter(row["courier"] for row in rows)
    gone = ("courier absent", "courier expired")
    absent = Counter(row["courier"] for row in rows if row["online"] and row["kind"] in gone)
    keys = sorted(feed.keys, key=lambda key: (-absent[key], -many[key], key))[:SHOWN]
    reads = [row for row in rows if row["online"] and row["id"] in world.read]
    stale = [row for row in reads if feed.known(row["courier"], row["moment"]) is None]
    aged = sum(world.read[row["id"]].get(feed.table.columns[0]) is not None for row in stale)
    title = f"The street is given a number in {aged} of {len(stale)} reads where nothing fresh is known of the courier"
    return Chart("seasons", title, [_season(world, key) for key in keys])


def _season(world: World, key: str) -> Panel:
    feed, name = world.season.couriers, world.season.couriers.table.columns[0]
    hours = range(0, DAYS * DAY, HOUR)
    known = [number.values[0] if (number := feed.known(key, hour)) else None for hour in hours]
    dots: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
    for row in world.rows.values():
        said = (world.read if row["online"] else world.trained).get(row["id"], {}).get(name)
        if row["courier"] == key and isinstance(said, (int, float)):
            dots[row["online"]].append((row["moment"] / DAY, said))
    layers: list[Layer] = [
        Line("what was known (a gap: nothing fresh)", [hour / DAY for hour in hours], known, Tone.TRUTH),
        Dots("training was given", *_xy(dots[False]), Tone.MORE),
        Dots("the street was given", *_xy(dots[True]), Tone.YOURS, ring=True, size=4),
    ]
    return Panel(layers, Axis("day", low=0, high=DAYS), Axis(name, low=0), f"courier {key}", 130)


def around(feed: Feed, key: str, moment: int, got: Number | None) -> list[Number]:
    """Numbers of a key about times near to a moment, and the one that was given."""
    near = feed.about(key, moment - 3 * feed.table.ttl // 2, moment + feed.table.length)[-MOST:]
    return [got, *near] if got and got not in near else near


def one(world: World, row: Row, said: Said) -> Chart:
    """A row of each number around a moment: what it is about, when it was published, and which one was given."""
    panels = [_number_lines(feed, row, said) for feed in world.season.feeds]
    feeds = world.season.feeds
    found = [source(feed, key_of(row, feed), 0, said.get(feed.table.columns[0])) for feed in feeds]
    given = [number for number in found if number]
    future = sum(number.published > row["moment"] for number in given)
    title = f"{future} of {len(given)} numbers that were given were published after the moment"
    return Chart("row", title, panels)


def _number_lines(feed: Feed, row: Row, said: Said) -> Panel:
    key, moment = key_of(row, feed), row["moment"]
    got = source(feed, key, 0, said.get(feed.table.columns[0]))
    near, right = around(feed, key, moment, got), feed.known(key, moment)
    unit = DAY if feed.table.length == DAY else HOUR
    spans = [((n.begins - moment) / unit, (n.ends - moment) / unit) for n in near]
    out = [((n.published - moment) / unit, float(at)) for at, n in enumerate(near)]
    layers: list[Layer] = [
        Spans("what a number is about", spans, Tone.OTHER, rows=range(len(near)), tall=0.5),
        Dots("published in time", *_xy([each for each in out if each[0] <= 0]), Tone.GOOD),
        Dots("published too late", *_xy([each for each in out if each[0] > 0]), Tone.BAD),
        Dots("right", *_xy([each for each, n in zip(out, near, strict=True) if n == right]), Tone.TRUTH, ring=True,
             size=6),
        Dots("given", *_xy([each for each, n in zip(out, near, strict=True) if n == got]), Tone.YOURS, ring=True,
             size=9),
        Marks("the moment", [0], [], Tone.MORE),
        Marks("older is too old", [-feed.table.ttl / unit], [], Tone.OTHER),
    ]  # fmt: skip
    names = [f"{n.values[0]:.4f}{'' if n.first else ' (corrected)'}" for n in near] or ["no number"]
    name = "days" if unit == DAY else "hours"
    return Panel(layers, Axis(f"{name} before and after the moment"), Axis(names=names), f"{feed.table.key} {key}")


def _xy(dots: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [x for x, _ in dots], [y for _, y in dots]
