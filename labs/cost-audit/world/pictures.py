"""Pictures of the public fleets: what plans save against what they say, and whom they hurt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from charts import Axis, Bars, Cell, Chart, Panel, Table, Tone
from fleet import Hidden
from month import bill, harms, least
from plans import Fleet, Thing, before, carried_out


class Summed(NamedTuple):
    """Of a plan: USD that could be saved, that it says, that it saves; and by aspect how many are hurt, of how many."""

    could: float
    said: float
    saved: float
    hurt: dict[str, list[int]]


HURT = {
    "kept": "services",
    "finished": "trainings",
    "restored": "stores",
    "resident": "flows",
    "standing": "machines",
}


def summed(fleet: Fleet, hidden: Hidden, plan: Thing) -> Summed:
    """What comes of a plan."""
    after = carried_out(fleet, plan["actions"])
    was = sum(bill(fleet, hidden, before(fleet)).values())
    could, now = sum(least(fleet, hidden).values()), sum(bill(fleet, hidden, after).values())
    hurt = {aspect: [0, 0] for aspect in HURT}
    for aspect, word, _ in harms(fleet, hidden, after):
        hurt[aspect][0] += word != "right"
        hurt[aspect][1] += 1
    return Summed(was - could, plan["saving_usd"], was - now, hurt)


def of(sums: Mapping[str, Summed]) -> Iterator[Chart | Table]:
    """The pictures of all fleets that have a plan, `{fleet: summed}`."""
    if sums:
        yield savings(sums)
        yield hurts(sums)


def savings(sums: Mapping[str, Summed]) -> Chart:
    """Three bars a fleet."""
    at = range(len(sums))
    could, said = [each.could for each in sums.values()], [each.said for each in sums.values()]
    saved = [each.saved for each in sums.values()]
    layers = [
        Bars("could be saved without harm", at, could, Tone.TRUTH, beside=(0, 3)),
        Bars("your plan says that it saves", at, said, Tone.OTHER, beside=(1, 3)),
        Bars("your plan saves", at, saved, Tone.YOURS, beside=(2, 3)),
    ]
    title = (
        f"The plans say that they save {sum(said):,.0f} USD; they save {sum(saved):,.0f} of {sum(could):,.0f} "
        "that could be saved"
    )
    return Chart("savings", title, [Panel(layers, Axis("fleet", names=list(sums)), Axis("a month", "USD"), height=200)])


def hurts(sums: Mapping[str, Summed]) -> Table:
    """Who is hurt, by fleet."""
    rows = [
        [name, *(Cell(f"{bad} of {many}", Tone.BAD if bad else Tone.GOOD, 0.4 + bad / many if bad else 0.3)
                 for bad, many in each.hurt.values())]
        for name, each in sums.items()
    ]  # fmt: skip
    many = {what: sum(each.hurt[aspect][0] for each in sums.values()) for aspect, what in HURT.items()}
    listed = ", ".join(f"{count} {what}" for what, count in many.items() if count)
    title = f"The plans hurt {listed}" if listed else "The plans hurt nobody"
    return Table("hurts", title, ["fleet", *(f"{what} hurt" for what in HURT.values())], rows)
