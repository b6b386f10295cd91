"""Pictures of the public months: alerts over what happened, and what the SLO makes of each day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from calendars import A_DAY, DAYS, ByDay, ByMinute
from casebook.page import Picture
from charts import Axis, Chart, Dots, Line, Panel, Spans, Tone
from judging import JUDGED, TOLERANCE, Open, alerts
from numpy.typing import NDArray
from weeks.episodes import runs

if TYPE_CHECKING:
    from world import World

ROWS = {"storm": "harm, fast or medium", "leak": "slow leaks", "calm": "nobody is hurt"}
NEAR = 60
"""Alerts that are so few minutes apart are drawn as one: a day has 20 px."""

MOST = 4.0
"""Bad openings of a day, in per cent, at which the picture ends."""


def of(world: World) -> Iterator[Picture]:
    """The pictures, once the documents were read."""
    if world.promise is not None:
        yield rings(world)
        yield days(world)


def rings(world: World) -> Chart:
    """Months in minutes as rows: harm, and what was open."""
    months = [(name, month) for name, month in world.months.items() if not isinstance(month, ByDay)]
    months = sorted(months, key=lambda each: list(ROWS).index(kind(each[1])))
    found = [opened(world, name, month) for name, month in months]
    told = [outcome for (_, month), open_ in zip(months, found, strict=True)
            for each in month.told for outcome in JUDGED[each.what](each, open_)]  # fmt: skip
    share = sum(float(open_["page"].mean()) for open_ in found) / len(found)
    harm = spans("users are hurt", months, found, lambda month, _: [(e.begins, e.ends) for e in month.told if e.burn])
    odd = spans("odd, but harmless", months, found, lambda month, _: [
        (e.begins, e.ends) for e in month.told if e.what == "odd"], Tone.TRUTH)  # fmt: skip
    ticket = spans(
        "your ticket is open", months, found, lambda _, open_: joined(open_["ticket"]), Tone.OTHER, 0.18, -0.2
    )
    page = spans("your page is open", months, found, lambda _, open_: joined(open_["page"]), Tone.YOURS, 0.28, 0.2)
    title = (
        f"A page is open {100 * share:.3g} % of the time; {counted(told, 'paged')} harms are paged in time, "
        f"{counted(told, 'ticketed')} leaks make a ticket, {counted(told, 'quiet')} quiet times are quiet"
    )
    names = [ROWS[kind(month)] for _, month in months]
    return Chart("rings", title, [Panel([harm, odd, ticket, page], Axis("day", low=0, high=DAYS), Axis(names=names))])


def kind(month: ByMinute) -> str:
    """Of which kind a month in minutes is."""
    return {"fast": "storm", "medium": "storm", "leak": "leak"}.get(month.told[0].what, "calm")


def spans(
    name: str,
    months: Sequence[tuple[str, ByMinute]],
    found: Sequence[Open],
    which: Callable[[ByMinute, Open], Iterable[tuple[int, int]]],
    tone: Tone = Tone.BAD,
    tall: float = 0.8,
    apart: float = 0.0,
) -> Spans:
    """Stretches of each month, in its row."""
    rows, lie = [], []
    for row, ((_, month), open_) in enumerate(zip(months, found, strict=True)):
        for begins, ends in which(month, open_):
            lie.append((begins / A_DAY, ends / A_DAY))
            rows.append(row)
    return Spans(name, lie, tone, rows=rows, tall=tall, apart=apart, solid=tall < 0.5)


def joined(mask: NDArray[Any]) -> list[tuple[int, int]]:
    """Stretches in which something is open, those that are near as one."""
    found = list[tuple[int, int]]()
    for begins, ends in runs(mask):
        if found and begins - found[-1][1] <= NEAR:
            found[-1] = (found[-1][0], ends)
        else:
            found.append((begins, ends))
    return found


def counted(told: Iterable[tuple[str, str, str]], aspect: str) -> str:
    """How many of an aspect are right."""
    words = [word for what, word, _ in told if what == aspect]
    return f"{words.count('right')} of {len(words)}"


def opened(world: World, name: str, month: ByMinute) -> dict[str, NDArray[Any]]:
    """The alerts of a month, carried out once a season."""
    if name not in world.open_ and world.promise is not None:
        world.open_[name] = alerts(world.promise, *month.counted(*world.masks[name]))
    return world.open_[name]


def days(world: World) -> Chart:
    """Days on which something happened: how many were hurt, and what the SLO says."""
    dots: dict[str, list[tuple[float, float]]] = {"harm": [], "calm": []}
    off = {"harm": 0, "calm": 0}
    for name, month in world.months.items():
        if isinstance(month, ByDay):
            true, said = month.true[0], month.ratios(*world.masks[name])
            for what, on in (("harm", month.harm), ("calm", month.calm)):
                dots[what] += [(100 * true[day], 100 * said[day]) for day in on.values()]
                off[what] += sum(abs(said[day] - true[day]) > TOLERANCE for day in on.values())
    high = min(max(max(x, y) for each in dots.values() for x, y in each), MOST)
    layers = [
        Line("what is so", [0, high], [0, high], Tone.TRUTH, dashed=True),
        Dots("a day on which users were hurt", *apart(dots["harm"]), Tone.BAD, size=4),
        Dots("a day that only looks so", *apart(dots["calm"]), Tone.YOURS, size=4, ring=True),
    ]
    title = (
        f"The SLO is wrong about {off['harm']} of {len(dots['harm'])} days on which users were hurt, "
        f"and about {off['calm']} of {len(dots['calm'])} on which nobody was"
    )
    x, y = Axis("openings that were bad", "%", 0, high), Axis("the SLO says", "%", 0, high)
    return Chart("days", title, [Panel(layers, x, y, height=260)])


def apart(dots: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Where they lie, in x and in y."""
    return [x for x, _ in dots], [y for _, y in dots]
