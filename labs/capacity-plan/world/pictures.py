"""Pictures of the public season: a pool's workers against its demand, all days of all pools, and the packings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from charts import Axis, Band, Bars, Chart, Dots, Line, Panel, Spans, Tone
from nodes import MORE
from pools import HISTORY, LIVE, TICK_S, TICKS
from record import BILL, LATE, Record

if TYPE_CHECKING:
    from world import World

SHOWN = "launch", "shift"
"""Of each of these the first pool that has one is drawn; where both are one pool's, that one."""

MOST_LATE, MOST_BILL = 6, 4
"""Where the picture of all days ends: in times of what is forgiven, and of what hindsight needs."""


def of(world: World) -> Iterator[Chart]:
    """What can be drawn so far."""
    records = list(world.records.values())
    if records and records[0].past:
        yield workers(shown(records))
    if records and all(record.jobs.all() for record in records):
        yield days(records)
    if world.used:
        yield packings(world)


def shown(records: Sequence[Record]) -> Sequence[Record]:
    """The pools that are drawn: the first with a launch, and the first with a shift."""
    firsts = [
        next((record for record in records if any(day["kind"] == kind for day in record.pool.days)), None)
        for kind in SHOWN
    ]
    return list({record.pool.id: record for record in firsts if record}.values()) or records[:1]


def workers(records: Sequence[Record]) -> Chart:
    """Workers that were ready, against those that hindsight needs; and what waits."""
    panels = []
    for record in records:
        pool, past = record.pool, np.array(record.past).reshape(-1, 5)
        day = np.arange(len(past)) / TICKS
        needed = pool.needed[HISTORY:].ravel()
        hit = [(at + each["tick"] / TICKS, at + (each["tick"] + each["ticks"]) / TICKS)
               for at, each in enumerate(pool.days) if each["kind"] != "ordinary"]  # fmt: skip
        layers = [
            Spans("a launch, or a shift", hit, Tone.OTHER),
            Band("what hindsight needs", day, np.zeros(len(past)), needed[: len(past)], Tone.TRUTH),
            Line("waiting jobs, as workers", day, past[:, 0] * pool.seconds / TICK_S, Tone.BAD),
            Line("your ready workers", day, past[:, 1], Tone.YOURS, stepped=True),
        ]
        top = 1.7 * float(needed.max())
        y = Axis("workers", low=0, high=top)
        panels.append(Panel(layers, Axis("day", low=0, high=LIVE, step=1), y, f"pool {pool.id}", 170))
    late = sum(record.late.sum() for record in records) / max(sum(record.jobs.sum() for record in records), 1)
    return Chart("workers", f"{100 * late:.0f} % of the jobs of these pools wait for more than five minutes", panels)


def days(records: Sequence[Record]) -> Chart:
    """Each day of each pool: late jobs against the bill, both in times of what is right."""
    tones = {"ordinary": Tone.YOURS, "launch": Tone.OTHER, "shift": Tone.MORE}
    found: dict[str, list[tuple[float, float]]] = {kind: [] for kind in LATE}
    for record in records:
        for day in range(LIVE):
            late, bill, _ = record.figures(day)
            found[record.kind(day)].append((bill, late / LATE[record.kind(day)]))
    dots = [
        Dots(f"{kind} day", [x for x, _ in at], [y for _, y in at], tones[kind]) for kind, at in found.items() if at
    ]
    every = [each for at in found.values() for each in at]
    late, dear = sum(y > 1 for _, y in every), sum(x > BILL for x, _ in every)
    lines = [Line("what is promised", [0, BILL, BILL], [1, 1, 0], Tone.GOOD)]
    panel = Panel(
        [*lines, *dots],
        Axis("bill, in times of what hindsight needs", low=0, high=MOST_BILL),
        Axis("late jobs, in times of what is forgiven", low=0, high=MOST_LATE),
        height=220,
    )
    title = f"Of {len(every)} days of pools {late} have too many late jobs, and {dear} too large a bill"
    return Chart("days", title, [panel])


def packings(world: World) -> Chart:
    """Nodes of each packing, and those that suffice."""
    cases = [case for case in world.packings if case["id"] in world.used]
    at = range(len(cases))
    right = sum(world.used[case["id"]][0] == "right" for case in cases)
    layers = [
        Bars("your nodes", at, [world.used[case["id"]][1] for case in cases], Tone.YOURS, beside=(0, 2)),
        Bars("nodes that suffice", at, [case["nodes"] for case in cases], Tone.TRUTH, beside=(1, 2)),
    ]
    title = f"{right} of {len(cases)} packings are sound, and at most {MORE - 1:.0%} larger than they need to be"
    return Chart("packings", title, [Panel(layers, Axis(names=[case["id"][:4] for case in cases]), Axis("nodes"))])
