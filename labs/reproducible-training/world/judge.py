"""The words for what nine runs of a case gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from machines import HOLDOUT, SAME, Order
from models import Model, Unreadable, differs, left_out, misrecorded, read
from wards import Nights

if TYPE_CHECKING:
    from candidate_runs import Run

POINTS = 4.0
FILES = "model.json", "metrics.json", "manifest.json"


@dataclass
class Audit:
    """One run: what was ordered, how it ended, and its model, if it has one; else `why` not."""

    order: Order
    run: Run
    model: Model | None = None
    why: str = ""
    written: dict[str, bytes | None] = field(default_factory=dict)

    @property
    def word(self) -> str:
        """Empty if there is a model."""
        return "" if self.model else self.run.bad() or "malformed"


def audit(order: Order, run: Run, nights: Nights) -> Audit:
    """A run that is over."""
    made = Audit(order, run, why=run.why)
    made.written = {name: run.files.get(f"{order.out}/{name}") for name in FILES}
    if not run.bad():
        try:
            made.model = read(made.written["model.json"], nights)
        except Unreadable as error:
            made.why = str(error)
    return made


def same(base: Model, other: Audit) -> tuple[str, str]:
    """Whether a run in other surroundings gave the same file."""
    if not other.model:
        return other.word, other.why
    if other.model.digest == base.digest:
        return "right", ""
    name, by = differs(base, other.model)
    return "differs", f"the weight of {name} by {by:.3g}" if name else "the weights are the same, and the file is not"


def counts(base: Model, other: Audit) -> tuple[str, str]:
    """Whether other data, or another seed, gave other weights; if so, the first of them."""
    if not other.model:
        return other.word, other.why
    name, by = differs(base, other.model)
    return ("right", f"{name} by {by:.3g}") if name else ("same", "no weight is another one")


def seed_counts(base: Model, other: Audit, nights: Nights) -> tuple[str, str]:
    """Whether another seed gave another model, and held back other rows; and the first one not most of them."""
    word, note = counts(base, other)
    if word != "right" or not other.model:
        return word, note
    before, after = (left_out(model, nights) for model in (base, other.model))
    same = "the same " if before == after else ""
    lent = f"of {len(nights.lent)} devices with one row, {same}{len(before)} were not trained on"
    return "most" if 2 * len(before) > len(nights.lent) else "same" if same else "right", f"{note}; {lent}"


def works(base: Model, nights: Nights, plain: float) -> tuple[str, str]:
    """Whether a model is about as good as a plain fit, on rows that nobody was sent."""
    found = base.accuracy(nights.hidden, nights)
    note = f"right for {100 * found:.1f} % of hidden rows, a plain fit for {100 * plain:.1f} %"
    return ("right" if 100 * (plain - found) <= POINTS else "worse"), note


def recorded(audits: Mapping[str, Audit], nights: Nights) -> tuple[str, str]:
    """Whether what all runs recorded is true, and the holdout had no part in the model."""
    for kind, each in audits.items():
        if each.model:
            order = each.order
            sent = {name: text for name, text in order.files.items() if "/" not in name}
            holdout = nights.other_holdout if kind == HOLDOUT else nights.holdout
            try:
                untrue = misrecorded(each.written, each.model, nights, sent, order.seed, each.run.witness, holdout)
            except Unreadable as error:
                return "malformed", f"{kind}: {error}"
            if untrue:
                return "untrue", f"{kind}: {untrue}"
    base, again, other = (audits[kind].model for kind in ("base", "again", HOLDOUT))
    if base and again and other and not differs(base, again)[0]:
        name, by = differs(base, other)
        if name:
            return "untrue", f"{HOLDOUT}: with other rows in it, the weight of {name} differs by {by:.3g}"
    return "right", ""


def words(audits: Mapping[str, Audit], nights: Nights, plain: float) -> dict[str, tuple[str, str]]:
    """The word and a note for each promise; the base has a model."""
    base = audits["base"].model
    assert base is not None
    found = {kind: same(base, audits[kind]) for kind in SAME}
    return found | {
        "data-counts": counts(base, audits["data"]),
        "seed-counts": seed_counts(base, audits["seed"], nights),
        "works": works(base, nights, plain),
        "recorded": recorded(audits, nights),
    }
