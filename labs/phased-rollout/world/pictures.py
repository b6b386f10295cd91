"""Pictures of the public releases: the course of each under the plan, and the replicas that were bought for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from casebook.page import Picture
from charts import Axis, Chart, Dots, Line, Panel, Spans, Tone
from charts.layers import Layer
from meter import AN_HOUR
from releases import FIT, Release
from rollout import LIMIT, Run
from words import MOST, ROUNDED

if TYPE_CHECKING:
    from world import World

Runs = Sequence[tuple[Release, Run]]
Courses = Mapping[str, list[tuple[str, int, int]]]
"""By release, its phases: of what kind, from bucket to bucket."""

EACH = 2
"""Releases of one kind that are drawn; the titles count all."""

USERS = {"canary": 0.4, "full": 0.8}
"""Phases in which users are on the new model, and how tall they are drawn."""

HOURS, MOST_REPLICAS = LIMIT // AN_HOUR, 40

Lying = tuple[list[tuple[float, float]], list[int]]
"""From hour to hour, and in which row."""


def of(world: World) -> Iterator[Picture]:
    """What can be drawn so far."""
    runs = world.runs
    if runs:
        yield courses(runs, world.courses)
        yield replicas(runs)


def courses(runs: Runs, phases: Courses) -> Chart:
    """A row for each release: its phases, whom they met, and where it was stopped."""
    first = sorted(runs, key=lambda pair: (pair[0].kind not in FIT, pair[0].kind))
    shown = [pair for _, same in groupby(first, lambda pair: pair[0].kind) for pair in list(same)[:EACH]]
    hidden: Lying = ([], [])
    spans: dict[tuple[str, bool], Lying] = {}
    stopped: tuple[list[float], list[int]] = ([], [])
    for row, (release, run) in enumerate(shown):
        at = 0
        for kind, begun, ended in phases[release.id]:
            end = LIMIT if kind == "full" and run.live else ended
            where = spans.setdefault((kind, release.fit), ([], [])) if kind in USERS else hidden
            where[0].append((begun / AN_HOUR, end / AN_HOUR))
            where[1].append(row)
            at = end
        if run.stopped:
            stopped[0].append(at / AN_HOUR)
            stopped[1].append(row)
    layers: list[Layer] = [Spans("no user is on it", hidden[0], Tone.TRUTH, rows=hidden[1], tall=0.2, solid=True)]
    for (kind, fit), (lie, rows) in sorted(spans.items(), key=lambda each: not each[0][1]):
        some = "thin: some users" if kind == "canary" else "everybody"
        name = f"{some} on a fit one" if fit else f"{some} on an unfit one"
        layers.append(Spans(name, lie, Tone.GOOD if fit else Tone.BAD, rows=rows, tall=USERS[kind], solid=True))
    layers.append(Dots("your plan stops it", *stopped, Tone.YOURS, size=4))
    good = [run.live for release, run in runs if release.fit]
    unfit = [run for release, run in runs if not release.fit]
    title = (
        f"{sum(good)} of {len(good)} fit releases serve everybody in the end; {sum(run.met > 0 for run in unfit)} of "
        f"{len(unfit)} unfit ones meet users, and {sum(run.live for run in unfit)} stay live"
    )
    names = [f"{release.kind}, {'fit' if release.fit else 'unfit'}" for release, _ in shown]
    panel = Panel(layers, Axis("hour", low=0, high=HOURS, step=12), Axis(names=names), height=16 * len(names))
    return Chart("courses", title, [panel])


def replicas(runs: Runs) -> Chart:
    """What was bought of each release, against what its evening's peak needs."""
    bought = [(release.need, run.replicas, release.fit) for release, run in runs if run.replicas is not None]
    right = [(need, many) for need, many, fit in bought if fit and need <= many <= MOST * need + ROUNDED]
    wrong = [(need, many) for need, many, fit in bought if fit and not need <= many <= MOST * need + ROUNDED]
    others = [(need, many) for need, many, fit in bought if not fit]
    ends, half = [0, MOST_REPLICAS], [0, (MOST_REPLICAS - ROUNDED) / MOST]
    layers = [
        Line("what it needs", ends, ends, Tone.GOOD),
        Line("half as many again", half, [MOST * end + ROUNDED for end in half], Tone.GOOD, dashed=True),
        *(Dots(name, [x for x, _ in points], [y for _, y in points], tone, ring=ring)
          for name, points, tone, ring in (("an unfit release", others, Tone.TRUTH, True),
                                           ("a fit one, rightly sized", right, Tone.YOURS, False),
                                           ("a fit one, too few or too many", wrong, Tone.BAD, False))),
    ]  # fmt: skip
    sized = len(right) + len(wrong)
    title = f"For {len(wrong)} of {sized} fit releases too few replicas are bought, or too many"
    x, y = (Axis(name, low=0, high=MOST_REPLICAS) for name in ("replicas that its peak needs", "that your plan buys"))
    return Chart("replicas", title, [Panel(layers, x, y, height=200)])
