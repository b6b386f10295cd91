"""Pages of the public week over what happened, a row for each region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from calendar_week import A_DAY, DAYS, Region, Week
from casebook.page import Picture
from charts import Axis, Chart, Panel, Spans, Tone
from judging import INCIDENTS, Heard, judged
from pager import Told

if TYPE_CHECKING:
    from world import World

RING = 0.02
"""Days that a page is drawn wide."""


def of(world: World) -> Iterator[Picture]:
    """The picture, once the week was played."""
    name, week = next(iter(world.weeks.items()))
    if name in world.told and not world.trouble:
        yield rings(week, world.told[name])


def rings(week: Week, told: list[Told]) -> Chart:
    """Regions as rows: incidents, leaks, noise, and when somebody was woken."""
    words = list(judged(week, told))
    kept = [word for aspect, word, _ in words if aspect in ("paged", "silence")]
    pages = sum(each.receiver == "page" for each in told)
    title = (
        f"The pager rang {pages} times in a week; it rang in time for {kept.count('right')} of {len(kept)} incidents, "
        f"and for {sum(aspect == 'noise' and word == 'page' for aspect, word, _ in words)} noises"
    )
    regions = sorted(week.regions, key=lambda region: (not region.stormy, region.name))
    layers = [
        _happened("users are hurt", regions, INCIDENTS, Tone.BAD, 0.8),
        _happened("a slow leak", regions, ("leak",), Tone.OTHER, 0.35),
        _happened("noise", regions, ("noise",), Tone.TRUTH, 0.8),
        _rings(regions, told),
    ]
    names = [region.name for region in regions]
    return Chart("rings", title, [Panel(layers, Axis("day", low=0, high=DAYS), Axis(names=names))])


def _happened(name: str, regions: list[Region], what: tuple[str, ...], tone: Tone, tall: float) -> Spans:
    found = [(each.begins / A_DAY, each.ends / A_DAY, row)
             for row, region in enumerate(regions) for each in region.episodes if each.what in what]  # fmt: skip
    return Spans(name, [(a, b) for a, b, _ in found], tone, rows=[row for *_, row in found], tall=tall)


def _rings(regions: list[Region], told: list[Told]) -> Spans:
    found = [(at / A_DAY, row) for row, region in enumerate(regions)
             for at in Heard(told, region).pages(0, DAYS * A_DAY)]  # fmt: skip
    spans = [(at, at + RING) for at, _ in found]
    return Spans("your page", spans, Tone.YOURS, rows=[row for _, row in found], tall=0.5, solid=True)
