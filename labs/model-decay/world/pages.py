"""What people look at: a table of all depots, and a chart of one."""

from __future__ import annotations

from casebook.page import Html, heading, link, table, text_of
from record import FIT

WIDTH, HEIGHT, LOWEST = 900, 260, 0.4
COLOURS = {"best": "#bbb", "live": "#06c", "true": "#393", "told": "#c33"}
LEGEND = {
    "best": "what the best possible model would get right",
    "live": "what the live model gets right",
    "true": "what was right in the last 14 days with outcomes",
    "told": "what the keeper said of that",
}


def page_of(cases, records, what):
    """The page of a depot, or of all; empty if there is none of that name."""
    if what:
        return one(cases[what], records[what]) if what in cases else ""
    head = ["depot", "what happens, since day", "models", "told", "true", "live model", "best possible", "fit"]
    return table(head, [line(cases[name], record) for name, record in records.items()])


def line(case, record):
    """A depot in the table of all."""
    begin = [link(f"/pages/{case['id']}", case["id"]), happens(case), record.models]
    if not record.entries:
        return begin
    now = record.entries[-1]
    fit = "yes" if now.live >= now.best - FIT else "no"
    return [*begin, *map(percent, (now.told, now.true, now.live, now.best)), fit]


def one(case, record):
    """A depot's season as a chart and as numbers."""
    rows = [
        [day, *map(percent, (each.told, each.true, each.live, each.best)), "new model" * each.deployed]
        for day, each in enumerate(record.entries)
        if day % 7 == 0 or each.deployed
    ]
    numbers = table(["day", "told", "true", "live model", "best possible", ""], rows)
    return Html(heading(happens(case) or "nothing happens here") + chart(record) + numbers)


def chart(record):
    """Four lines over the days, and a mark for each new model."""
    drawn = [polyline(record.entries, name) for name in COLOURS]
    marks = [
        f'<line x1="{x(day)}" x2="{x(day)}" y1="{HEIGHT - 12}" y2="{HEIGHT}" stroke="#000"/>'
        for day, each in enumerate(record.entries)
        if each.deployed
    ]
    words = [f'<li style="color:{colour}">{text_of(LEGEND[name])}</li>' for name, colour in COLOURS.items()]
    picture = f'<svg width="{WIDTH}" height="{HEIGHT}" style="background:#f8f8f8">{"".join(drawn + marks)}</svg>'
    return Html(f"{picture}<ul>{''.join(words)}<li>a mark at the bottom: a new model</li></ul>")


def polyline(entries, name):
    """One line of the chart."""
    points = [(day, getattr(each, name)) for day, each in enumerate(entries)]
    drawn = " ".join(f"{x(day)},{y(share):.1f}" for day, share in points if share is not None)
    return f'<polyline points="{drawn}" fill="none" stroke="{COLOURS[name]}" stroke-width="2"/>'


def x(day):
    """Where a day is drawn."""
    return day * WIDTH // 90


def y(share):
    """Where an accuracy is drawn."""
    return (1 - max(share, LOWEST)) / (1 - LOWEST) * HEIGHT


def happens(case):
    """The answer sheet of a depot in words."""
    return ", ".join(f"{kind} {day}" for kind, day in sorted(case["happenings"].items(), key=lambda item: item[1]))


def percent(share):
    """An accuracy as people read it."""
    return "" if share is None else f"{100 * share:.0f} %"
