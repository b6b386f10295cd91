"""What people look at: all cities, one of them day by day, deliveries, pages."""

from __future__ import annotations

import numpy as np
from casebook.page import Html, heading, link, table, text_of
from fleet import DAY_S, DAYS
from signals import SIGNALS

WIDTH, HEIGHT = 90, 110
CITY, COLOURS = "#999", ("#06c", "#c60", "#393")


def page_of(world, what):
    """The page of a city, or of all; empty if there is none of that name."""
    cities = {}
    for cohort in world.cohorts:
        cities.setdefault(cohort.city, []).append(cohort)
    if what:
        return city(world, cities[what]) if what in cities else ""
    rows = [[link(f"/pages/{name}", name), *map(harm, cohorts)] for name, cohorts in sorted(cities.items())]
    paged = [
        [world.date(day), page["city"], page["revision"], page["model"], page["signal"]]
        for day, page in world.pager.pages[-60:]
    ]
    head = ["city", *("gets worse" for _ in world.plan["revisions"])]
    return Html(table(head, rows) + uplink(world) + heading("Pages") + table(PAGED, reversed(paged)))


PAGED = "day closed", "city", "revision", "model", "signal"


def harm(cohort):
    """What the answer sheet says of a cohort."""
    case = cohort.case
    if "signal" not in case:
        return f"{cohort.revision}: nothing"
    return f"{cohort.revision}: {case['signal']}, day {case['day']}, by {case['cause']}"


def uplink(world):
    """How long deliveries took."""
    took = world.took
    if not took:
        return text_of("No delivery yet.")
    late, last = sum(seconds > 1 for seconds in took), took[-12:]
    return text_of(
        f"{len(took)} deliveries, {late} late; the median took {np.median(took):.3f} s, the longest {max(took):.2f} s, "
        f"the last ones {', '.join(f'{seconds:.2f}' for seconds in last)}."
    )


def city(world, cohorts):
    """A city: its cohorts beside all of it, signal by signal; what happens; what was paged."""
    parts = []
    for at, signal in enumerate(SIGNALS):
        lines = [daily([cohort], at) for cohort in cohorts]
        parts.append(heading(signal) + chart([daily(cohorts, at), *lines]))
    legend = [f'<span style="color:{CITY}">the city</span>']
    legend += [f'<span style="color:{COLOURS[at]}">{text_of(one.revision)}</span>' for at, one in enumerate(cohorts)]
    rows = [[one.revision, harm(one), one.case["new"], one.case["rollout"], *map(harmless, one.case["halves"])]
            for one in cohorts]  # fmt: skip
    head = ["revision", "gets worse", "new model", "rolled out on day", "harmless", "harmless"]
    paged = [
        [world.date(day), page["city"], page["revision"], page["model"], page["signal"]]
        for day, page in world.pager.pages
        if page["city"] == cohorts[0].city
    ]
    marks = text_of("Means a day, of what was ever reported; day 0 is ") + text_of(world.date(0))
    charts = Html(" · ".join(legend) + "".join(parts))
    return Html(table(head, rows) + marks + "<br>" + charts + heading("Pages") + table(PAGED, paged))


def harmless(happens):
    """A half season."""
    return f"{happens['kind']}: {happens['signal']} from day {happens['day']}"


def daily(cohorts, at):
    """Means of a signal by the day on which reports were made."""
    day = np.concatenate([one.reports.at // DAY_S for one in cohorts])
    value = np.concatenate([one.reports.signals[at] for one in cohorts])
    return np.bincount(day, value, DAYS) / np.maximum(np.bincount(day, minlength=DAYS), 1)


def chart(lines):
    """The city in grey, its cohorts in colours."""
    low, high = min(map(min, lines)), max(map(max, lines))
    drawn = "".join(
        f'<polyline points="{points(line, low, high)}" fill="none" stroke="{colour}" stroke-width="2"/>'
        for line, colour in zip(lines, [CITY, *COLOURS], strict=True)
    )
    words = "".join(
        f'<text x="0" y="{y}" font-size="11">{value:.4g}</text>' for y, value in ((12, high), (HEIGHT - 2, low))
    )
    return f'<svg width="{WIDTH * DAYS}" height="{HEIGHT}" style="background:#f8f8f8">{words}{drawn}</svg>'


def points(line, low, high):
    """One line of a chart."""
    span = (high - low) or 1
    return " ".join(
        f"{WIDTH * (at + 0.5):.0f},{HEIGHT - 8 - (HEIGHT - 16) * (v - low) / span:.0f}" for at, v in enumerate(line)
    )
