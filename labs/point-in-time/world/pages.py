"""What people look at: all rows, or one of them beside every number that it could have been given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pictures
from casebook.page import Html, heading, link, picture, table
from history import HOUR, Feed, Number
from judge import FEATURES, shown, source

if TYPE_CHECKING:
    from judge import Said
    from world import Row, World


def page_of(world: World, what: str) -> Html:
    """The page of a row, or of all; empty if there is none of that name."""
    if what:
        return _one(world, world.rows[what]) if what in world.rows else Html()
    head = ["row", "moment", "courier", "district", "what it tries", "answer", ", ".join(FEATURES)]
    rows = sorted(world.rows.values(), key=lambda row: (row["online"], row["moment"]))
    parts = [
        heading(title) + table(head, [_line(world, row) for row in rows if row["online"] is online])
        for online, title in ((False, "What training got"), (True, "What the street got"))
    ]
    return Html("".join(parts))


def _line(world: World, row: Row) -> list[object]:
    said = given(world, row)
    values = ", ".join(shown(said[name]) for name in FEATURES if name in said)
    told, moment = world.words.get(row["id"], ""), _short(world, row["moment"])
    return [link(f"/pages/{row['id']}", row["id"]), moment, row["courier"], row["district"], row["kind"], told, values]


def given(world: World, row: Row) -> Said:
    """What the store said of a row, if it did."""
    return (world.read if row["online"] else world.trained).get(row["id"], {})


def _one(world: World, row: Row) -> Html:
    said = given(world, row)
    who = "The street" if row["online"] else "Training"
    told = world.words.get(row["id"], "not asked yet")
    parts = [heading(f"{who} asked about {world.season.time(row['moment'])}: {told} ({row['kind']})")]
    parts.append(picture(pictures.one(world, row, said)))
    parts += [_candidates(world, feed, row, said) for feed in world.season.feeds]
    return Html("".join(parts))


def _candidates(world: World, feed: Feed, row: Row, said: Said) -> Html:
    """All numbers around a moment, and which one is right."""
    moment, key = row["moment"], pictures.key_of(row, feed)
    right, got = feed.known(key, moment), taken(feed, row, said)
    names = feed.table.columns
    rows = [
        [*(_short(world, time) for time in (n.begins, n.ends, n.published)), _when(n, moment), *n.values,
         "this is right" * (n == right), "this was given" * (n == got)]
        for n in pictures.around(feed, key, moment, got)
    ]  # fmt: skip
    head = ["begins", "ends", "published", "", *names, "", ""]
    said_of = ", ".join(f"{name} {shown(said[name])}" for name in names if name in said) or "nothing"
    wanted = "" if right else " Nothing fresh was known: null is right."
    return Html(heading(f"{key}: {said_of} was given.{wanted}") + table(head, rows))


def taken(feed: Feed, row: Row, said: Mapping[str, object]) -> Number | None:
    """The number that the store gave."""
    return source(feed, pictures.key_of(row, feed), 0, said.get(feed.table.columns[0]))


def _when(number: Number, moment: int) -> str:
    hours = (number.published - moment) / HOUR
    return f"{hours:.1f} h too late to be known" if hours > 0 else f"known for {-hours:.1f} h"


def _short(world: World, moment: int) -> str:
    """Month, day, hour and minute."""
    return world.season.time(moment)[5:16].replace("T", " ")
