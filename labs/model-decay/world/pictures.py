"""Pictures of the public depots: a season of the live model and the dashboard, and how many depots are fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from charts import Axis, Chart, Line, Marks, Panel, Spans, Tone
from depots import DepotCase
from record import FIT, MOST, NEAR, Record

Played = tuple[DepotCase, Record]

SEASON, LOWEST = 90, 0.4
KINDS = {
    "gradual": "the world turns slowly",
    "abrupt": "the world changes at once",
    "swapped": "labels are wrong",
    "thin": "call-outs are few",
}
"""Of each a depot is drawn: the first with it."""

ROWS = 24
"""Depots of the picture of all."""


def of(cases: Mapping[str, DepotCase], records: Mapping[str, Record]) -> Iterator[Chart]:
    """What can be drawn so far."""
    played = [(cases[name], record) for name, record in records.items() if record.entries]
    if played:
        yield fitness(played)
        yield seasons(played)


def fitness(played: Sequence[Played]) -> Chart:
    """A row for each depot: the days on which its live model is not fit, and its new models."""
    played = sorted(played, key=lambda each: (sorted(each[0]["happenings"]), each[0]["id"]))[:ROWS]
    unfit, rows, at, models = [], [], [], []
    for row, (_, record) in enumerate(played):
        for day, each in enumerate(record.entries):
            if each.live < each.best - FIT:
                unfit.append((day, day + 1))
                rows.append(row)
            if each.deployed:
                at.append(day)
                models.append(row)
    days = sum(len(record.entries) for _, record in played)
    many = sum(record.models > MOST for _, record in played)
    happen, where = [], []
    for row, (case, _) in enumerate(played):
        happen += [(day, day + 1.2) for day in case["happenings"].values()]
        where += [row] * len(case["happenings"])
    layers = [
        Spans("the live model is not fit", unfit, Tone.BAD, rows=rows, tall=0.8),
        Spans("something happens", happen, Tone.OTHER, rows=where, tall=0.9, solid=True),
        Spans("your new model", [(day, day + 0.5) for day in at], Tone.YOURS, rows=models, tall=0.5, solid=True),
    ]
    names = [", ".join(case["happenings"]) or "nothing happens" for case, _ in played]
    title = f"Live models are not fit on {100 * len(unfit) / days:.0f} % of days"
    title += f"; {many} of {len(played)} depots get more than {MOST} models" if many else ""
    panel = Panel(layers, Axis("day", low=0, high=SEASON), Axis(names=names), height=16 * len(names))
    return Chart("fitness", title, [panel])


def seasons(played: Sequence[Played]) -> Chart:
    """Of each kind of happening the first depot that has it."""
    panels, shown = [], {}
    for kind, words in KINDS.items():
        found = next((each for each in played if kind in each[0]["happenings"] and each[0]["id"] not in shown), None)
        if found:
            shown[found[0]["id"]] = found[1]
            panels.append(season(*found, f"{words}, depot {found[0]['depot'][:4]}", 110))
    off, told = 0, 0
    for _, record in played:
        told += sum(each.told is not None for each in record.entries)
        off += sum(each.told is not None and abs(each.told - each.true) > NEAR for each in record.entries)
    title = f"The dashboard is off by more than {100 * NEAR:.0f} points on {off} of {told} days"
    return Chart("seasons", title, panels, columns=2)


def one(case: DepotCase, record: Record) -> Chart:
    """A depot's season as a picture of its own."""
    title = "What the live model gets right, what it could, and what the keeper says of it"
    return Chart("depot", title, [season(case, record, "", 240)])


def season(case: DepotCase, record: Record, name: str, height: int) -> Panel:
    """Lines over the days, and marks for what happens and for new models."""
    days = range(len(record.entries))
    percent = {
        which: [None if (share := getattr(each, which)) is None else 100 * share for each in record.entries]
        for which in ("best", "live", "true", "told")
    }
    happens = sorted((day, kind) for kind, day in case["happenings"].items())
    layers = [
        Marks("what happens", [day for day, _ in happens], [kind for _, kind in happens], Tone.OTHER),
        Line("the best possible model", days, percent["best"], Tone.TRUTH),
        Line("your live model", days, percent["live"], Tone.YOURS),
        Line("right in the last 14 days", days, percent["true"], Tone.GOOD),
        Line("what your dashboard says", days, percent["told"], Tone.BAD, dashed=True),
    ]
    return Panel(layers, Axis("day", low=0, high=SEASON), Axis("right", "%", 100 * LOWEST, 100), name, height)
