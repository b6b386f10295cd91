"""Pictures of the public fleets: what plans save against what they say, and whom they hurt."""

from charts import Axis, Bars, Cell, Chart, Panel, Table, Tone
from month import bill, harms, least
from plans import before, carried_out

HURT = {
    "kept": "services",
    "finished": "trainings",
    "restored": "stores",
    "resident": "flows",
    "standing": "machines",
}


def summed(fleet, hidden, plan):
    """Of a plan: USD that could be saved, that it says, that it saves; and by aspect how many are hurt, of how many."""
    after = carried_out(fleet, plan["actions"])
    was = sum(bill(fleet, hidden, before(fleet)).values())
    could, now = sum(least(fleet, hidden).values()), sum(bill(fleet, hidden, after).values())
    hurt = {aspect: [0, 0] for aspect in HURT}
    for aspect, word, _ in harms(fleet, hidden, after):
        hurt[aspect][0] += word != "right"
        hurt[aspect][1] += 1
    return was - could, plan["saving_usd"], was - now, hurt


def of(sums):
    """The pictures of all fleets that have a plan, `{fleet: summed}`."""
    if sums:
        yield savings(sums)
        yield hurts(sums)


def savings(sums):
    """Three bars a fleet."""
    at = range(len(sums))
    could, said, saved = ([each[n] for each in sums.values()] for n in range(3))
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


def hurts(sums):
    """Who is hurt, by fleet."""
    rows = [
        [name, *(Cell(f"{bad} of {many}", Tone.BAD if bad else Tone.GOOD, 0.4 + bad / many if bad else 0.3)
                 for bad, many in hurt.values())]
        for name, (*_, hurt) in sums.items()
    ]  # fmt: skip
    many = {what: sum(hurt[aspect][0] for *_, hurt in sums.values()) for aspect, what in HURT.items()}
    listed = ", ".join(f"{count} {what}" for what, count in many.items() if count)
    title = f"The plans hurt {listed}" if listed else "The plans hurt nobody"
    return Table("hurts", title, ["fleet", *(f"{what} hurt" for what in HURT.values())], rows)
