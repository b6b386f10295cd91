"""Pictures of the public cells: who was called and who should have been, and what each diagnosis cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from casebook.page import Picture
from charts import Axis, Cell, Chart, Dots, Line, Panel, Table, Tone
from pages import Seen
from verdict import IN_TIME_S, LIVE_ROWS

WHO = (
    ("nobody", ()),
    ("infra", ("infra",)),
    ("model", ("model",)),
    ("data", ("data",)),
    ("infra+model", ("infra", "model")),
    ("infra+data", ("infra", "data")),
    ("model+data", ("model", "data")),
)
OTHERS, NONE = "all three", "no answer"
MOST_S, MOST_ROWS = 400, 300
"""Where the picture of costs ends."""


def of(incidents: Mapping[str, Seen]) -> Iterator[Picture]:
    """What can be drawn so far."""
    if incidents:
        yield called(list(incidents.values()))
        yield costs(list(incidents.values()))


def called(incidents: Sequence[Seen]) -> Table:
    """A row for each answer that is right, a column for each that was given."""
    names = {frozenset(domains): name for name, domains in WHO}
    counts = {name: dict.fromkeys([*names.values(), OTHERS, NONE], 0) for name in names.values()}
    for each in incidents:
        said = NONE if each.domains is None else names.get(frozenset(each.domains), OTHERS)
        counts[names[frozenset(each.true)]][said] += 1
    right = sum(row[name] for name, row in counts.items())
    rows = [[name, *(shown(many, name == said, sum(row.values())) for said, many in row.items())]
            for name, row in counts.items()]  # fmt: skip
    title = (
        f"{right} of {len(incidents)} diagnoses call exactly who has to get up: called to the right, at fault downwards"
    )
    return Table("called", title, ["at fault", *names.values(), OTHERS, NONE], rows)


def shown(many: int, right: bool, all_: int) -> Cell:
    """A cell of the table."""
    if not many:
        return Cell("", Tone.GOOD if right else None, 0)
    return Cell(many, Tone.GOOD if right else Tone.BAD, 0.2 + many / all_)


def costs(incidents: Sequence[Seen]) -> Chart:
    """Seconds of a cell's clock against rows that its users' machines got."""
    hurt = [each for each in incidents if each.hurt]
    sound = [each for each in incidents if not each.hurt]
    dear = sum(each.clock_s > IN_TIME_S or each.live_rows > LIVE_ROWS for each in incidents)
    layers = [
        Line("what is promised", [0, IN_TIME_S, IN_TIME_S], [LIVE_ROWS, LIVE_ROWS, 0], Tone.GOOD),
        Dots("a diagnosis", [each.clock_s for each in sound], [each.live_rows for each in sound], Tone.YOURS),
        Dots("one that restarts, or rolls back", [each.clock_s for each in hurt],
             [each.live_rows for each in hurt], Tone.BAD, size=4),
    ]  # fmt: skip
    title = (
        f"{len(hurt)} of {len(incidents)} diagnoses restart or roll back, and {dear} are late or load users' machines"
    )
    x, y = Axis("of the cell's clock", "s", 0, MOST_S), Axis("rows for users' machines", low=0, high=MOST_ROWS)
    return Chart("costs", title, [Panel(layers, x, y, height=180)])
