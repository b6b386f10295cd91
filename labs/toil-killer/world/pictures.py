"""Pictures of the public trays: what became of models that fail each step, and what is said to be saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from charts import Axis, Bars, Chart, Panel, Spans, Tone
from judge import decision
from seen import Seen

RIGHT = "refused at this step"
PARTS = {
    RIGHT: Tone.GOOD,
    "approved": Tone.BAD,
    "refused at another step": Tone.OTHER,
    "a person is asked": Tone.MORE,
    "no decision": Tone.TRUTH,
}
MEANS = {"right": RIGHT, "approved": "approved", "asked": "a person is asked", "other step": "refused at another step"}
ROWS = [*(f"step {step}" for step in range(1, 13)), "hostile"]


def of(seen: Sequence[Seen]) -> Iterator[Chart]:
    """What can be drawn so far."""
    if seen:
        yield steps(seen)
    counted = [one for one in seen if one.right]
    if counted:
        yield savings(counted)


def steps(seen: Sequence[Seen]) -> Chart:
    """A row for each step of the runbook, and one for what is hostile: what became of models that fail it."""
    counts: dict[str, Counter[str]] = {row: Counter() for row in ROWS}
    for one in seen:
        for made in one.tray.new:
            if made.right.step is not None:
                word, _ = decision(made.right, one.decisions.get(made.id))
                where = "hostile" if made.kind == "hostile" else f"step {made.right.step}"
                counts[where][MEANS.get(word, "no decision")] += 1
    spans: dict[str, list[tuple[float, float]]] = {name: [] for name in PARTS}
    rows: dict[str, list[int]] = {name: [] for name in PARTS}
    for row, each in enumerate(counts.values()):
        at, whole = 0.0, sum(each.values()) or 1
        for name in PARTS:
            if each[name]:
                spans[name].append((at, at + 100 * each[name] / whole))
                rows[name].append(row)
                at += 100 * each[name] / whole
    layers = [Spans(name, spans[name], tone, rows=rows[name], tall=0.7, solid=True) for name, tone in PARTS.items()]
    total = sum(counts.values(), Counter[str]())
    nine = counts["step 9"]
    title = (
        f"{total['approved']} of {sum(total.values())} models that fail a step are approved; "
        f"of those that fail step nine, {nine['approved']} of {sum(nine.values())}"
    )
    names = [f"{where} ({sum(each.values())})" for where, each in counts.items()]
    return Chart("steps", title, [Panel(layers, Axis("of them", "%", 0, 100), Axis(names=names), height=320)])


def savings(seen: Sequence[Seen]) -> Chart:
    """Tray by tray: minutes a model takes by hand, and what the tool saves of them; what goes wrong, on both sides."""
    trays = [f"tray {at + 1}" for at in range(len(seen))]
    panels = []
    for by_hand, by_tool, name in (
        ("minutes_by_hand", "minutes_saved", "minutes a model: by hand, and saved by the tool"),
        ("wrong_by_hand", "wrong_by_tool", "wrong of ten audited"),
    ):
        each: tuple[tuple[str, list[float | None], Tone], ...] = (
            ("by hand", [one.right[by_hand] for one in seen], Tone.OTHER),
            ("the tool, as it says", [one.told.get(by_tool) for one in seen], Tone.YOURS),
            ("the tool, as it was", [one.right[by_tool] for one in seen], Tone.TRUTH),
        )
        bars = [Bars(label, range(len(seen)), ys, tone, beside=(at, 3)) for at, (label, ys, tone) in enumerate(each)]
        panels.append(Panel(bars, Axis(names=trays), Axis(low=0), name=name, height=150))
    hand, tool = (int(sum(one.right[name] for one in seen)) for name in ("wrong_by_hand", "wrong_by_tool"))
    said = sum(one.told.get("wrong_by_tool", 0) for one in seen)
    title = f"On audited models the tool says that it errs {said:g} times: it is {tool}, and by hand it was {hand}"
    return Chart("savings", title, panels)
