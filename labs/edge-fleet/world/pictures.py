"""Pictures of the public season: who gets worse and when it was paged, and cohorts beside their city."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from charts import Axis, Chart, Dots, Line, Marks, Panel, Spans, Tone
from fleet import DAY_S, Array, Cohort
from signals import DAYS, SIGNALS

if TYPE_CHECKING:
    from world import World

WITHIN_S = 1.0
TONES = Tone.YOURS, Tone.OTHER, Tone.GOOD
DAY = Axis("day", low=0, high=DAYS, step=1)


def of(world: World) -> Iterator[Chart]:
    """What can be drawn so far."""
    if world.took:
        yield deliveries(world.took)
        yield paged(world)
    if world.day:
        yield beside(world)


def paged(world: World) -> Chart:
    """A row for each cohort: from when on it is worse, and the pages about it."""
    cohorts = sorted(world.cohorts, key=lambda one: (one.case.get("day", DAYS), one.city))
    rows = {(one.city, one.revision): row for row, one in enumerate(cohorts)}
    worse = [(row, one) for row, one in enumerate(cohorts) if "signal" in one.case]
    words = [world.pager.trend(one)[0] for _, one in worse]
    good: list[tuple[float, float]] = []
    bad: list[tuple[float, float]] = []
    for day, page in world.pager.pages:
        cities = [row for (city, revision), row in rows.items()
                  if city == page["city"] and page["revision"] in (revision, None)]  # fmt: skip
        for row in cities:
            case = cohorts[row].case
            right = case.get("signal") == page["signal"] and day >= case["day"]
            (good if right else bad).append((day + 1, row))
    title = (
        f"{words.count('right')} of {len(words)} cohorts that get worse are paged as they should be; "
        f"{len(bad)} of {len(bad) + len(good)} pages are for nothing; {world.day} of {DAYS} days are over"
    )
    layers = [
        Spans("gets worse", [(one.case["day"], DAYS) for _, one in worse], Tone.BAD, rows=[row for row, _ in worse]),
        Dots("your page, for nothing", *columns(bad), Tone.OTHER, ring=True),
        Dots("your page, with a reason", *columns(good), Tone.YOURS, size=4),
    ]
    panel = Panel(layers, DAY, Axis(names=[f"{one.city}, {one.revision}" for one in cohorts]), height=15 * len(cohorts))
    return Chart("paged", title, [panel])


def columns(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Points as two columns."""
    return [x for x, _ in points], [y for _, y in points]


def deliveries(took: Sequence[float]) -> Chart:
    """How long each delivery took, in the order of their answers."""
    late = [(at, seconds) for at, seconds in enumerate(took) if seconds > WITHIN_S]
    quick = [(at, seconds) for at, seconds in enumerate(took) if seconds <= WITHIN_S]
    layers = [
        Line("within which it has to be taken", [0, len(took)], [WITHIN_S, WITHIN_S], Tone.GOOD, dashed=True),
        Dots("taken in time", *columns(quick), Tone.YOURS, size=2),
        Dots("late", *columns(late), Tone.BAD, size=2.5),
    ]
    title = f"{len(late)} of {len(took)} deliveries are not taken within {WITHIN_S:g} s"
    panel = Panel(layers, Axis("delivery", low=0), Axis("took", "s", 0, 2.2), height=110)
    return Chart("deliveries", title, [panel])


def beside(world: World) -> Chart:
    """Of each signal the first cohort in which it gets worse, beside its city."""
    panels = []
    for at, signal in enumerate(SIGNALS):
        one = next((one for one in world.cohorts if one.case.get("signal") == signal), None)
        if one is not None:
            pages = [day + 1 for day, page in world.pager.pages
                     if page["city"] == one.city and page["revision"] in (one.revision, None)
                     and page["signal"] == signal]  # fmt: skip
            city = [each for each in world.cohorts if each.city == one.city]
            panels.append(Panel(
                [
                    Spans("gets worse", [(one.case["day"], DAYS)], Tone.BAD),
                    Line("the whole city", DAYS_AT, daily(city, at), Tone.TRUTH),
                    Line("its cohort", DAYS_AT, daily([one], at), Tone.MORE),
                    Marks("your page about it", pages, (), Tone.YOURS),
                ],
                DAY, Axis(), f"{signal}, {one.city}, {one.revision}", 110,
            ))  # fmt: skip
    return Chart("beside", "A cohort that gets worse, beside its city, signal by signal", panels, columns=2)


def signals(cohorts: Sequence[Cohort]) -> Chart:
    """A city: its cohorts beside all of it, signal by signal."""
    panels = [
        Panel(
            [Line("the city", DAYS_AT, daily(cohorts, at), Tone.TRUTH)]
            + [Line(one.revision, DAYS_AT, daily([one], at), tone) for one, tone in zip(cohorts, TONES, strict=False)],
            DAY, Axis(), signal, 110,
        )
        for at, signal in enumerate(SIGNALS)
    ]  # fmt: skip
    return Chart("city", "Means a day, of what was ever reported", panels, columns=2)


DAYS_AT = [day + 0.5 for day in range(DAYS)]


def daily(cohorts: Sequence[Cohort], at: int) -> Array:
    """Means of a signal by the day on which reports were made."""
    day = np.concatenate([one.reports.at // DAY_S for one in cohorts])
    value = np.concatenate([one.reports.signals[at] for one in cohorts])
    return np.bincount(day, value, DAYS) / np.maximum(np.bincount(day, minlength=DAYS), 1)
