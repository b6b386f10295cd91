"""Pictures of the public trials: what each tool rings on, what the record says, and how many alarms were heard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import judge
from charts import Axis, Chart, Dots, Panel, Table, Tone
from charts.table import Cell
from cited.values import is_number
from figures import RUNG_KINDS
from seen import Seen


def of(seen: Sequence[Seen]) -> Iterator[Chart | Table]:
    """What can be drawn so far."""
    read = [one for one in seen if one.found]
    if read:
        yield rings(read)
        yield figures(read)


def rings(seen: Sequence[Seen]) -> Table:
    """A row a tool: on what it rings, coloured by what the record says, and what is chosen."""
    rows, right, unsaid = [], 0, 0
    for one in seen:
        assert one.found
        chosen = judge.said(one.found, "choice")
        right += chosen == one.made.choice
        for tool in one.made.tools:
            shown = []
            for kind in RUNG_KINDS:
                name = f"rings-{tool}-{kind}"
                good = judge.said(one.found, name) is one.made.figures[name]
                unsaid += not good
                shown.append(Cell("rings" if one.made.figures[name] else "silent", Tone.GOOD if good else Tone.BAD))
            taken = Cell("taken" if chosen == tool else "", Tone.GOOD if tool == one.made.choice else Tone.BAD)
            why = ", ".join(one.faults[tool]) or "fits"
            rows.append([f"{one.number} {tool}", *shown, why, taken if chosen == tool else Cell("")])
    cells = len(rows) * len(RUNG_KINDS)
    title = f"{right} of {len(seen)} choices are right; {unsaid} of {cells} cells are wrong or not said"
    return Table("rings", title, ["tool", *RUNG_KINDS, "does not meet", "the record"], rows)


def figures(seen: Sequence[Seen]) -> Chart:
    """A row a tool: delay and false alarms, as they are and as the record has them."""
    names = [f"{one.number} {tool}" for one in seen for tool in one.made.tools]
    panels = []
    for what, title in (("delay", "mean delay, rows"), ("false", "false alarms in 10,000 quiet rows")):
        truth = [one.made.figures[f"{what}-{tool}"] for one in seen for tool in one.made.tools]
        told = [_number(one, f"{what}-{tool}") for one in seen for tool in one.made.tools]
        panels.append(
            Panel(
                [
                    Dots("it is", truth, range(len(names)), Tone.TRUTH, size=6, ring=True),
                    Dots("the record says", told, range(len(names)), Tone.YOURS, size=3),
                ],
                Axis(title, low=0), Axis(names=names),
            )
        )  # fmt: skip
    heard = sum(len({(tool, stream) for tool, stream, _ in one.handed}) for one in seen)
    there = sum(len({(tool, stream) for tool, stream, _ in one.made.results}) for one in seen)
    title = f"Tools ring on {there} pairs of tool and stream; the records have alarms of {heard}"
    return Chart("figures", title, panels)


def _number(one: Seen, name: str) -> float | None:
    told = judge.said(one.found, name) if one.found else None
    return float(told) if is_number(told) else None
