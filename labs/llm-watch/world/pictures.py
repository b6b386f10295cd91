"""Pictures of the public season: what was flagged and what not, what people reviewed, and what was reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from charts import Axis, Bars, Chart, Dots, Line, Panel, Spans, Tone
from kinds import DAYS, LATE
from pages import SORTS, flagged, sort_of

if TYPE_CHECKING:
    from judge import Diary
    from world import World

DAY = Axis("day", low=0, high=DAYS, step=1)


def of(world: World) -> Iterator[Chart]:
    """What can be drawn so far."""
    every = list(world.diaries.values())
    if any(one.flags for one in every):
        yield flags(every)
        yield reviews(every)
        yield subjects(every)
        yield versions(every)


def flags(every: list[Diary]) -> Chart:
    """Of each day the harm there was and what of it was flagged, and what was flagged for nothing."""
    days = sorted({day for one in every for day in one.flags})
    counts = {day: {sort: [0, 0] for sort in SORTS} for day in days}
    for day in days:
        for one in every:
            for sort, pair in flagged(one, [day]).items():
                counts[day][sort] = [total + more for total, more in zip(counts[day][sort], pair, strict=True)]

    def total(sort: str, which: int) -> int:
        return sum(counts[day][sort][which] for day in days)

    middle = [day + 0.5 for day in days]
    panels = []
    for sort, name in (("known", "harm of known kinds"), ("new", "harm of new kinds")):
        layers = [
            Bars("flagged by you", middle, [counts[day][sort][0] for day in days], Tone.YOURS),
            Line("bad answers", middle, [counts[day][sort][1] for day in days], Tone.TRUTH),
        ]
        panels.append(Panel(layers, DAY, Axis("answers", low=0), name, 110))
    rest = [
        Bars(name, middle, [counts[day][sort][0] for day in days], tone, beside=(at, 3))
        for at, (sort, name, tone) in enumerate(
            (
                ("refused", "flagged by you: refuses", Tone.BAD),
                ("allowed", "says what is allowed", Tone.MORE),
                ("plain", "others", Tone.OTHER),
            )
        )
    ]
    panels.append(Panel(rest, DAY, Axis("answers", low=0), "sound answers that were flagged", 110))
    sound = sum(total(sort, 0) for sort in ("refused", "allowed", "plain"))
    title = (
        f"{total('known', 0)} of {total('known', 1)} answers with known harm are flagged, "
        f"{total('new', 0)} of {total('new', 1)} with new harm, and {sound} sound ones"
    )
    return Chart("flags", title, panels)


def reviews(every: list[Diary]) -> Chart:
    """What people found in the answers that they were given."""
    days = sorted({day for one in every for day in one.reviews})
    found = {day: Counter(sort_of(one, each) for one in every for each in one.reviews.get(day, [])) for day in days}
    shapes = ("known", "known harm", Tone.OTHER), ("new", "new harm", Tone.GOOD), ("refused", "refuses", Tone.BAD)
    layers = [
        Bars(name, [day + 0.5 for day in days], [found[day][sort] for day in days], tone, beside=(at, 4))
        for at, (sort, name, tone) in enumerate(shapes)
    ]
    others = [found[day]["plain"] + found[day]["allowed"] for day in days]
    layers.append(Bars("others", [day + 0.5 for day in days], others, Tone.MORE, beside=(3, 4)))
    total = sum(sum(counts.values()) for counts in found.values())
    title = f"Of {total} reviews that you ordered, {sum(found[day]['new'] for day in days)} show new harm"
    return Chart("reviews", title, [Panel(layers, DAY, Axis("reviews", low=0), height=130)])


def subjects(every: list[Diary]) -> Chart:
    """A row for each supplier: new subjects, and what was reported."""
    spans: list[tuple[tuple[float, float], int]] = []
    right: list[tuple[float, int]] = []
    wrong: list[tuple[float, int]] = []
    for row, one in enumerate(every):
        spans += [((each["day"], DAYS), row) for each in one.new]
        for day, said in one.said.items():
            if said.topic is not None:
                (right if one.about(day) else wrong).append((day + 0.5, row))
    odd = [((each["day"] + 0.0, each["day"] + 1.0), row) for row, one in enumerate(every) for each in one.case["odd"]]
    layers = [
        Spans("a new subject is there", [span for span, _ in spans], Tone.TRUTH, rows=[row for _, row in spans]),
        Spans("odd, harmless: begins", [span for span, _ in odd], Tone.OTHER, rows=[row for _, row in odd], tall=0.3),
        Dots("your report: of a new subject", [x for x, _ in right], [y for _, y in right], Tone.YOURS, size=4),
        Dots("your report: of none", [x for x, _ in wrong], [y for _, y in wrong], Tone.BAD, size=4, ring=True),
    ]
    names = [one.case["name"] for one in every]
    title = f"{len(right)} reports are about a new subject, {len(wrong)} about none"
    return Chart("subjects", title, [Panel(layers, DAY, Axis(names=names), height=20 * len(names))])


def versions(every: list[Diary]) -> Chart:
    """What was told of versions, beside what is so."""
    bad: list[tuple[float, float]] = []
    down: list[tuple[float, float]] = []
    for one in every:
        for day, said in one.said.items():
            if day < LATE:
                continue
            shares = {name: share for name, (_, share) in one.shares(day).items() if name in said.bad}
            bad += [(100 * share, 100 * said.bad[name]) for name, share in shares.items()]
            for name, true in one.thumbs(day - LATE).items():
                if name in said.thumbs:
                    down.append((true.down, said.thumbs[name].down))
    panels = []
    for name, points, unit in (("share of bad answers", bad, "%"), ("thumbs down, three days later", down, "")):
        most = max([max(point) for point in points], default=1.0)
        layers = [
            Line("what is so", [0, most], [0, most], Tone.TRUTH),
            Dots("told by you", [x for x, _ in points], [y for _, y in points], Tone.YOURS),
        ]
        panels.append(Panel(layers, Axis("true", unit, low=0), Axis("told", unit, low=0), name, 180))
    off = sum(abs(told - true) > max(true / 3, 2) for true, told in bad)
    wrong = sum(told != true for true, told in down)
    title = f"{off} of {len(bad)} shares of bad answers are far off, and {wrong} of {len(down)} counts of thumbs down"
    return Chart("versions", title, panels, columns=2)
