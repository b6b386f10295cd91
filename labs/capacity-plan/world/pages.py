"""What people look at: a table of all pools, and charts of one."""

from __future__ import annotations

from casebook.page import Html, heading, link, table, text_of
from pools import HISTORY, LIVE, TICK_S, TICKS

WIDTH, HEIGHT = 2, 220
"""Of a chart: points a tick, points in all."""

WEEKDAYS = "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
WORKERS = {
    "needed": ("#bbb", "workers that hindsight needs"),
    "paid": ("#9cf", "workers that are paid for, ready or warming"),
    "ready": ("#06c", "workers that are ready"),
    "waiting": ("#c33", "waiting jobs, as workers that would do them in ten minutes"),
}
BUSY = {"cpu": ("#393", "how busy the cores are"), "gpu": ("#06c", "how busy the GPUs are")}


def page_of(records, what):
    """The page of a pool, or of all; empty if there is none of that name."""
    if what:
        return one(records[what]) if what in records else ""
    days = [f"day {day}: late, bill, turns" for day in range(LIVE)]
    rows = [
        [
            link(f"/pages/{name}", name),
            scarce(record.pool),
            record.pool.warm_up,
            WEEKDAYS[record.pool.weekday],
            *(cell(record, d) for d in range(LIVE)),
        ]
        for name, record in records.items()
    ]
    return table(["pool", "scarce", "warm-up, ticks", "begins on", *days], rows)


def cell(record, day):
    """A day of a pool in the table."""
    late, bill, turns = record.figures(day)
    return f"{record.kind(day)}: {100 * late:.0f} %, {bill:.2f}, {turns}" if record.jobs[day] else record.kind(day)


def one(record):
    """A pool's season."""
    pool = record.pool
    needed = pool.needed[HISTORY:].ravel()
    lines = [
        {
            "needed": need,
            "paid": paid,
            "ready": ready,
            "waiting": waiting * pool.seconds / TICK_S,
            "cpu": cpu,
            "gpu": gpu,
        }
        for need, (waiting, ready, paid, cpu, gpu) in zip(needed, record.past, strict=False)
    ]
    says = f"A job takes {pool.gpu_s} s of a GPU and {pool.cpu_s} s of cores; a worker {pool.warm_up} ticks to warm up."
    days = [[WEEKDAYS[(pool.weekday + day) % 7], cell(record, day), happens(pool.days[day])] for day in range(LIVE)]
    charts = chart(lines, WORKERS, 1.2 * needed.max()) + chart(lines, BUSY, 1)
    return Html(heading(says) + table(["day", "late, bill, turns", "what happens"], days) + charts)


def scarce(pool):
    """The part of a worker that a job takes most of."""
    return "GPU" if pool.gpu_s == pool.seconds else "cores"


def happens(day):
    """What the answer sheet says of a day."""
    if day["kind"] == "ordinary":
        return ""
    begin, end = (f"{tick // 6:02d}:{tick % 6}0" for tick in (day["tick"], day["tick"] + day["ticks"]))
    return f"{begin} to {end}, {day['factor']} times as much" + f", {day.get('expected')} announced" * (
        "expected" in day
    )


def chart(lines, names, top):
    """Lines over all ticks, each with its legend, and a mark at midnight."""
    drawn = [
        f'<polyline points="{points([each[name] for each in lines], top)}" fill="none" stroke="{colour}"/>'
        for name, (colour, _) in names.items()
    ]
    marks = [f'<path d="M{WIDTH * TICKS * day} 0V{HEIGHT}" stroke="#ddd"/>' for day in range(1, LIVE)]
    words = [f'<li style="color:{colour}">{text_of(legend)}</li>' for colour, legend in names.values()]
    size = f'width="{WIDTH * TICKS * LIVE}" height="{HEIGHT}"'
    return f'<svg {size} style="background:#f8f8f8">{"".join(marks + drawn)}</svg><ul>{"".join(words)}</ul>'


def points(values, top):
    """One line of a chart."""
    return " ".join(f"{WIDTH * at},{HEIGHT * (1 - min(value / top, 1)):.0f}" for at, value in enumerate(values))
