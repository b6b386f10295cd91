"""What people look at: a table of all pools, and charts of one."""

from __future__ import annotations

from collections.abc import Mapping

from casebook.page import Html, heading, link, picture, table
from charts import Axis, Chart, Line, Panel, Tone
from pictures import workers
from pools import LIVE, TICKS, Happens, Pool
from record import Record

WEEKDAYS = "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"


def page_of(records: Mapping[str, Record], what: str) -> Html:
    """The page of a pool, or of all; empty if there is none of that name."""
    if what:
        return one(records[what]) if what in records else Html()
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


def cell(record: Record, day: int) -> str:
    """A day of a pool in the table."""
    late, bill, turns = record.figures(day)
    return f"{record.kind(day)}: {100 * late:.0f} %, {bill:.2f}, {turns}" if record.jobs[day] else record.kind(day)


def one(record: Record) -> Html:
    """A pool's season."""
    pool = record.pool
    says = f"A job takes {pool.gpu_s} s of a GPU and {pool.cpu_s} s of cores; a worker {pool.warm_up} ticks to warm up."
    days = [[WEEKDAYS[(pool.weekday + day) % 7], cell(record, day), happens(pool.days[day])] for day in range(LIVE)]
    charts = picture(workers([record])) + picture(busy(record))
    return Html(heading(says) + table(["day", "late, bill, turns", "what happens"], days) + charts)


def busy(record: Record) -> Chart:
    """How busy the cores and the GPUs of a pool's workers were."""
    day = [tick / TICKS for tick in range(len(record.past))]
    lines = [
        Line(name, day, [100 * tick[at] for tick in record.past], tone)
        for at, name, tone in ((3, "cores", Tone.OTHER), (4, "GPUs", Tone.YOURS))
    ]
    x, y = Axis("day", low=0, high=LIVE, step=1), Axis("busy", "%", 0, 100)
    return Chart("busy", "How busy the workers that are ready are", [Panel(lines, x, y)])


def scarce(pool: Pool) -> str:
    """The part of a worker that a job takes most of."""
    return "GPU" if pool.gpu_s == pool.seconds else "cores"


def happens(day: Happens) -> str:
    """What the answer sheet says of a day."""
    if day["kind"] == "ordinary":
        return ""
    begin, end = (f"{tick // 6:02d}:{tick % 6}0" for tick in (day["tick"], day["tick"] + day["ticks"]))
    return f"{begin} to {end}, {day['factor']} times as much" + f", {day.get('expected')} announced" * (
        "expected" in day
    )
