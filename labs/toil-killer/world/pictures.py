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
STEPS = range(1, 13)


def of(seen: Sequence[Seen]) -> Iterator[Chart]:
    """What can be drawn so far."""
    if seen:
        yield steps(seen)
    counted = [one for one in seen if one.right]
    if counted:
        yield savings(counted)


def steps(seen: Sequence[Seen]) -> Chart:
    """A row for each step of the runbook: what the validator did with models that fail it."""
    counts: dict[int, Counter[str]] = {step: Counter() for step in STEPS}
    for one in seen:
        for made in one.tray.new:
            if made.right.step is not None:
                word, _ = decision(made.right, one.decisions.get(made.id))
                counts[made.right.step][MEANS.get(word, "no decision")] += 1
    spans: dict[str, list[tuple[float, float]]] = {name: [] for name in PARTS}
    rows: dict[str, list[int]] = {name: [] for name in PARTS}
    for row, each in enumerate(counts.values()):
        at = 0
        for name in PARTS:
            if each[name]:
                spans[name].append((at, at + each[name]))
                rows[name].append(row)
                at += each[name]
    layers = [Spans(name, spans[name], tone, rows=rows[name], tall=0.7, solid=True) for name, tone in PARTS.items()]
    total = sum(counts.values(), Counter[str]())
    nine = counts[9]
    title = (
        f"{total['approved']} of {sum(total.values())} models that fail a step are approved; "
        f"of those that fail step nine, {nine['approved']} of {sum(nine.values())}"
    )
    names = [f"step {step}" for step in STEPS]
    return Chart("steps", title, [Panel(layers, Axis("models", low=0), Axis(names=names), height=300)])


def savings(seen: Sequence[Seen]) -> Chart:
    """Tray by tray, minutes a model and errors: by hand, by the tool as it says, by the tool as it was."""
    trays = [f"tray {at + 1}" for at in range(len(seen))]
    at = range(len(seen))
    minutes, wrong = (
        [
            Bars("by hand", at, [one.right[f"{what}_by_hand"] for one in seen], Tone.OTHER, beside=(0, 3)),
            Bars("by the tool, as it says", at, [claimed(one, what) for one in seen], Tone.YOURS, beside=(1, 3)),
            Bars("by the tool, as it was", at, [with_tool(one, what) for one in seen], Tone.TRUTH, beside=(2, 3)),
        ]
        for what in ("minutes", "wrong")
    )
    hand, tool, said = (int(sum(each)) for each in zip(*(errors(one) for one in seen), strict=True))
    title = f"On audited models the tool says that it errs {said} times: it is {tool}, and by hand it was {hand}"
    return Chart(
        "savings",
        title,
        [
            Panel(minutes, Axis(names=trays), Axis("minutes a model", low=0), height=150),
            Panel(wrong, Axis(names=trays), Axis("wrong of ten", low=0), height=150),
        ],
    )


def errors(one: Seen) -> tuple[float, float, float]:
    """Wrong by hand, by the tool, and by the tool as it says itself."""
    return one.right["wrong_by_hand"], one.right["wrong_by_tool"], one.told.get("wrong_by_tool", 0)


def claimed(one: Seen, what: str) -> float | None:
    """What the validator says that is left to do, or goes wrong; None if it said nothing."""
    return _with(one.told, what) if one.told else None


def with_tool(one: Seen, what: str) -> float:
    """What is left to do, or goes wrong, by the decisions that it handed in."""
    return _with(one.right, what)


def _with(four: dict[str, float], what: str) -> float:
    return four["wrong_by_tool"] if what == "wrong" else four["minutes_by_hand"] - four["minutes_saved"]
