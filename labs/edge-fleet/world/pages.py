"""What people look at: all cities, one of them day by day, deliveries, pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from casebook.page import Html, heading, link, picture, table, text_of
from fleet import Cohort, Half
from pictures import signals

if TYPE_CHECKING:
    from world import World


def page_of(world: World, what: str) -> Html:
    """The page of a city, or of all; empty if there is none of that name."""
    cities: dict[str, list[Cohort]] = {}
    for cohort in world.cohorts:
        cities.setdefault(cohort.city, []).append(cohort)
    if what:
        return city(world, cities[what]) if what in cities else Html()
    rows = [[link(f"/pages/{name}", name), *map(harm, cohorts)] for name, cohorts in sorted(cities.items())]
    paged = [
        [world.date(day), page["city"], page["revision"], page["model"], page["signal"]]
        for day, page in world.pager.pages[-60:]
    ]
    head = ["city", *("gets worse" for _ in world.plan["revisions"])]
    return Html(table(head, rows) + uplink(world) + heading("Pages") + table(PAGED, reversed(paged)))


PAGED = "day closed", "city", "revision", "model", "signal"


def harm(cohort: Cohort) -> str:
    """What the answer sheet says of a cohort."""
    case = cohort.case
    if "signal" not in case:
        return f"{cohort.revision}: nothing"
    return f"{cohort.revision}: {case['signal']}, day {case['day']}, by {case['cause']}"


def uplink(world: World) -> Html:
    """How long deliveries took."""
    took = world.took
    if not took:
        return text_of("No delivery yet.")
    late, last = sum(seconds > 1 for seconds in took), took[-12:]
    return text_of(
        f"{len(took)} deliveries, {late} late; the median took {np.median(took):.3f} s, the longest {max(took):.2f} s, "
        f"the last ones {', '.join(f'{seconds:.2f}' for seconds in last)}."
    )


def city(world: World, cohorts: Sequence[Cohort]) -> Html:
    """A city: its cohorts beside all of it, signal by signal; what happens; what was paged."""
    rows = [[one.revision, harm(one), one.case["new"], one.case["rollout"], *map(harmless, one.case["halves"])]
            for one in cohorts]  # fmt: skip
    head = ["revision", "gets worse", "new model", "rolled out on day", "harmless", "harmless"]
    paged = [
        [world.date(day), page["city"], page["revision"], page["model"], page["signal"]]
        for day, page in world.pager.pages
        if page["city"] == cohorts[0].city
    ]
    marks = text_of(f"Day 0 is {world.date(0)}.")
    return Html(table(head, rows) + marks + picture(signals(cohorts)) + heading("Pages") + table(PAGED, paged))


def harmless(happens: Half) -> str:
    """A half season."""
    return f"{happens['kind']}: {happens['signal']} from day {happens['day']}"
