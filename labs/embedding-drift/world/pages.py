"""What people look at: all collections, and one of them day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.page import Html, heading, link, picture, table, text_of
from charts import Chart
from pictures import kinds, lines, ordered

if TYPE_CHECKING:
    from judge import Diary
    from world import World


def page_of(world: World, what: str) -> Html:
    """The page of a collection, or of all; empty if there is none of that name."""
    if what:
        return one_of(world, world.diaries[what]) if what in world.diaries else Html()
    rows = [
        [
            link(f"/pages/{one.case['name']}", one.case["name"]),
            ", ".join(kinds(one)) or "calm",
            one.case.get("harmless", {}).get("kind", ""),
            f"{one.recall[-1]:.2f}" if one.recall else "",
            "; ".join(f"{day}: {', '.join(said[:4])}" for day, said in sorted(one.reports.items())[:6]),
            "; ".join(f"{day}: {', '.join(did[:4])}" for day, did in sorted(one.actions.items())[:6]),
            sum(one.one.spent.values()),
        ]
        for one in ordered(world)
    ]
    head = ["collection", "what happens", "harmless", "recall", "reports by day", "actions by day", "cost"]
    return Html(text_of(f"Day 0 is {world.date(0)}; today is day {world.today}.") + table(head, rows))


def one_of(world: World, one: Diary) -> Html:
    """A collection: what happens, what was seen, said and done on each day."""
    case = one.case
    happens = [[change["kind"], change["day"], f"{change['share']:.0%}"] for change in case["changes"]]
    if "harmless" in case:
        odd = case["harmless"]
        happens.append([f"{odd['kind']}, harmless", odd["day"], f"{odd['days']} days"])
    days = [
        [
            day, world.date(day).strftime("%a"), "wrong" if one.troubled[day] else "", f"{one.recall[day]:.3f}",
            f"{one.best[day]:.3f}", f"{one.clicked[day]:.2f}", f"{one.topic[day]:.2f}",
            ", ".join(one.reports.get(day, [])[:4]), ", ".join(one.actions.get(day, [])[:4]),
        ]
        for day in range(len(one.recall))
    ]  # fmt: skip
    head = ["day", "", "", "recall", "best similarity, mean", "opened", "recall of the new topic", "reports", "actions"]
    bill = [[what, paid] for what, paid in sorted(one.one.spent.items())]
    drawn = picture(Chart("one", "Recall, similarity, and what was done", [lines(one, case["name"])]))
    return Html(
        table(["what happens", "day", ""], happens) + drawn + heading("Day by day") + table(head, days)
        + heading("Paid") + table(["what", "cost"], bill)
    )  # fmt: skip
