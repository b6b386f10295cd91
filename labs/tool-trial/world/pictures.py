"""Pictures of all public trials: what the records say, the alarms that were handed in, and whose figures those are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import judge
from charts import Axis, Chart, Dots, Panel, Table, Tone
from charts.table import Cell
from cited.values import is_number
from figures import NONE, RUNG_KINDS
from seen import Seen
from streams import KINDS

if TYPE_CHECKING:
    from cited.values import Value

SAYS = {True: "rings", False: "silent", None: "not said"}
NO_TOOL: dict[Value | None, str] = {NONE: "none taken", None: "no choice"}


def of(seen: Sequence[Seen]) -> Iterator[Chart | Table]:
    """What can be drawn so far."""
    read = [one for one in seen if one.found]
    if read:
        yield rings(read)
        yield alarms(read)
        yield figures(read)


def rings(seen: Sequence[Seen]) -> Table:
    """A row a tool: on what it rings by the record, coloured by whether that is so, and whether it is taken."""
    rows, right, unsaid = [], 0, 0
    for one in seen:
        assert one.found
        chosen, good_choice = judge.said(one.found, "choice"), one.right["choice"]
        right += good_choice
        for tool in one.made.tools:
            shown = []
            for kind in RUNG_KINDS:
                value, good = judge.said(one.found, f"rings-{tool}-{kind}"), one.right[f"rings-{tool}-{kind}"]
                unsaid += not good
                shown.append(Cell(SAYS[value if isinstance(value, bool) else None], Tone.GOOD if good else Tone.BAD))
            taken = "taken" if chosen == tool else NO_TOOL.get(chosen, "")
            tone = Tone.GOOD if good_choice else Tone.BAD
            rows.append([f"{one.number} {tool}", *shown, Cell(taken, tone)])
    cells = len(rows) * len(RUNG_KINDS)
    title = f"{right} of {len(seen)} choices are right; {unsaid} of {cells} cells are wrong or not said"
    return Table("rings", title, ["the record says", *RUNG_KINDS, "the choice"], rows)


def alarms(seen: Sequence[Seen]) -> Table:
    """A row a tool: how many alarms were handed in for each stream, coloured by whether all of a kind are right."""
    rows, right, heard = [], 0, 0
    for one in seen:
        table = one.made.tables["streams"]
        counts = Counter((tool, stream) for tool, stream, _ in one.handed)
        wrong = {(tool, stream) for tool, stream, _ in {*one.handed} ^ {*one.made.results}}
        heard += len(counts)
        for tool in one.made.tools:
            cells = []
            for kind in KINDS:
                pairs = [(tool, name) for name, of in zip(table["stream"], table["kind"], strict=True) if of == kind]
                bad = sum(pair in wrong for pair in pairs)
                right += len(pairs) - bad
                cells.append(Cell("  ".join(str(counts[pair]) for pair in pairs), Tone.BAD if bad else Tone.GOOD))
            rows.append([f"{one.number} {tool}", *cells])
    pairs_ = sum(len(one.made.tools) * len(one.made.tables["streams"]["stream"]) for one in seen)
    title = f"Alarms handed in for {heard} of {pairs_} pairs of tool and stream; {right} pairs are right"
    return Table("alarms", title, ["alarms in", *KINDS], rows)


def figures(seen: Sequence[Seen]) -> Chart:
    """A row a tool: delay and false alarms, as vendor and record have them."""
    names = [f"{one.number} {tool}" for one in seen for tool in one.made.tools]
    panels, wrong = [], 0
    for what, column, title in (
        ("delay", "delay", "mean delay, rows"), ("false", "false_alarms", "false alarms in 10,000 quiet rows")
    ):  # fmt: skip
        vendor = [value for one in seen for value in one.made.tables["vendor"][column]]
        told = [
            (_number(one, f"{what}-{tool}"), one.right[f"{what}-{tool}"]) for one in seen for tool in one.made.tools
        ]
        wrong += sum(not right for _, right in told)
        panels.append(
            Panel(
                [
                    Dots("the vendor says", vendor, range(len(names)), Tone.TRUTH, size=6, ring=True),
                    *(
                        Dots(name, [value if right is kept else None for value, right in told], range(len(names)), tone,
                             size=3)
                        for name, kept, tone in (
                            ("the record says, and it is not so by its results", False, Tone.BAD),
                            ("the record says", True, Tone.GOOD),
                        )
                    ),
                ],
                Axis(title, low=0), Axis(names=names),
            )
        )  # fmt: skip
    title = f"{wrong} of {2 * len(names)} delays and false alarms are not what the results say, or are not there"
    return Chart("figures", title, panels)


def _number(one: Seen, name: str) -> float | None:
    told = judge.said(one.found, name) if one.found else None
    return float(told) if is_number(told) else None
