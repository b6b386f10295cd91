"""Pictures of one trial: its streams with the alarms that were handed in, and its projects as records have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from charts import Axis, Chart, Dots, Line, Marks, Panel, Tone
from streams import KINDS, ROWS

if TYPE_CHECKING:
    from seen import Seen

TONES = Tone.YOURS, Tone.OTHER, Tone.MORE
ABOVE, DAY_S = 6, 86_400


def streams(one: Seen) -> Chart:
    """Each stream's readings as they came, and alarms."""
    readings, table = one.made.tables["readings"], one.made.tables["streams"]
    rows = list(zip(table["kind"], table["stream"], table["changes_at"], strict=True))
    panels = []
    for kind, name, begins in sorted(rows, key=lambda row: KINDS.index(row[0])):
        mine = readings["stream"] == name
        layers = [
            Line("readings", readings["at_row"][mine], readings["value"][mine], Tone.TRUTH),
            Marks("the change", [] if begins is None else [begins], (), Tone.OTHER),
        ]
        for at, tool in enumerate(one.made.tools):
            heard = [row for who, stream, row in one.handed if (who, stream) == (tool, name)]
            layers.append(Dots(tool, heard, [ABOVE + 2.5 * at] * len(heard), TONES[at], size=3.5))
        panels.append(Panel(layers, Axis(low=0, high=ROWS), Axis(low=-9, high=12), f"{kind} {name}", 70))
    return Chart("streams", "Readings as they came, and above them the alarms that were handed in", panels, columns=3)


def commits(one: Seen) -> Chart:
    """A row for each name: when it committed."""
    table, today = one.made.tables["commits"], one.made.tables["needs"]["today"][0]
    rows = list(zip(table["tool"], table["author"], table["email"], table["committed"], strict=True))
    who = sorted({row[:3] for row in rows}, key=lambda each: (one.made.tools.index(each[0]), each[2], each[1]))
    place = {each: at for at, each in enumerate(who)}
    days = [-(today - row[3]).total_seconds() / DAY_S for row in rows]
    names = [f"{tool}: {author}" for tool, author, _ in who]
    dots = Dots("a commit", days, [place[row[:3]] for row in rows], Tone.YOURS, size=1.5)
    panel = Panel([dots], Axis("days before today", high=0, step=365), Axis(names=names), height=14 * len(names))
    return Chart("commits", "Commits, by tool and name", [panel])


def issues(one: Seen) -> Chart:
    """A panel for each tool: how long its issues waited."""
    table, today = one.made.tables["issues"], one.made.tables["needs"]["today"][0]
    panels = []
    for tool in one.made.tools:
        rows = [row[1:] for row in zip(table["tool"], table["opened"], table["first_answer"], strict=True)
                if row[0] == tool]  # fmt: skip
        answered = [(_days(today, opened), _days(answer, opened)) for opened, answer in rows if answer is not None]
        waiting = [_days(today, opened) for opened, answer in rows if answer is None]
        layers = [
            Dots("an issue, by its answer", [-day for day, _ in answered], [wait for _, wait in answered], Tone.YOURS,
                 size=2),
            Dots("one that nobody has answered", [-day for day in waiting], [0] * len(waiting), Tone.OTHER, size=3,
                 ring=True),
        ]  # fmt: skip
        panels.append(
            Panel(layers, Axis("opened, days before today", high=0, step=365), Axis("days", low=0), tool, 110)
        )
    return Chart("issues", "Issues: when they were opened, and days to the first answer", panels)


def _days(late: object, early: object) -> float:
    return float((late - early).total_seconds() / DAY_S)  # type: ignore[operator]
