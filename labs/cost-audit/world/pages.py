"""What is to be seen of the public fleets: the bill, what could be saved, and what each action did."""

from __future__ import annotations

from collections.abc import Iterable

from casebook.page import Html, heading, link, table, text_of
from casebook.strict import clean
from fleet import Hidden, known_as
from month import CATEGORIES, bill, commitments, harms, least
from plans import Fleet, Thing, before, carried_out, carry_out

MOST_ROWS = 120


def kept(plan: Thing) -> Thing:
    """What is kept of a plan, to be shown: of bounded size, whatever is in it."""
    actions = [
        {key: value if type(value) in (int, bool) else clean(value, 80) for key, value in list(action.items())[:8]}
        for action in plan["actions"][:MOST_ROWS]
    ]
    return {"actions": actions, "saving_usd": plan["saving_usd"]}


def overview(fleets: Iterable[tuple[str, Fleet, Hidden, Thing | None]]) -> Html:
    """A line a fleet; each leads to its actions, and to the document that the planner gets."""
    rows = []
    for case, fleet, hidden, plan in fleets:
        was = sum(bill(fleet, hidden, before(fleet)).values())
        could = was - sum(least(fleet, hidden).values())
        row = [
            link(f"/pages/fleet/{case}", known_as(fleet)),
            link(f"/fleets/{case}", "as JSON"),
            _usd(was),
            _usd(could),
        ]
        if plan is None:
            rows.append([*row, "no plan", ""])
            continue
        after = carried_out(fleet, plan["actions"])
        saved = was - sum(bill(fleet, hidden, after).values())
        rows.append([*row, _usd(saved), _usd(plan["saving_usd"])])
    return table(["fleet", "", "USD next month", "could be saved", "saved", "said"], rows)


def details(fleet: Fleet, hidden: Hidden, plan: Thing) -> Html:
    """By category, then by action: by how much it lowers the bill of the whole plan, and whom it hurts."""
    actions = plan["actions"]
    after = carried_out(fleet, actions)
    was, now, could = bill(fleet, hidden, before(fleet)), bill(fleet, hidden, after), least(fleet, hidden)
    less, most, cheapest = commitments(fleet, hidden, after)
    rows = [[name, _usd(was[name]), _usd(was[name] - could[name]), _usd(was[name] - now[name])] for name in CATEGORIES]
    categories = table(
        ["", "USD next month", "could be saved", "saved"],
        [*rows, [f"commitments alone ({_usd(cheapest)} in the cheapest plan)", "", _usd(most), _usd(less)]],
    )
    hurt: dict[str, list[str]] = {}
    for aspect, word, note in harms(fleet, hidden, after):
        if word != "right":
            hurt.setdefault(note.partition(":")[0], []).append(f"{aspect}: {note.partition(': ')[2]}")
    rows, state = [], before(fleet)
    for at, action in enumerate(actions):
        refused = carry_out(fleet, state, action)
        others = carried_out(fleet, actions[:at] + actions[at + 1 :])
        lowers = sum(bill(fleet, hidden, others).values()) - sum(now.values())
        effect = f"not done: {refused}" if refused else _usd(lowers)
        name = action.get("resource")
        rows.append([name, _said(action), effect, "; ".join(hurt.get(name, ()))])
    idle = [[name, "; ".join(why)] for name, why in hurt.items() if name not in [row[0] for row in rows]]
    return Html(
        categories
        + heading("Actions")
        + text_of("Saved: what the bill of the whole plan would be without this action, less what it is.")
        + table(["resource", "action", "saved", "hurts"], rows)
        + (table(["hurt without an action", ""], idle) if idle else "")
    )


def _said(action: Thing) -> str:
    rest = [f"{key}={value}" for key, value in action.items() if key not in ("resource", "action")]
    return " ".join([str(action.get("action")), *rest])


def _usd(amount: float) -> str:
    return f"{amount:,.0f}"
