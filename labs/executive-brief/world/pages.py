"""What people look at: a line for each public month, and one month with its brief, the truth and its outages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.page import Html, heading, link, table
from cited_cases.pages import claims, text
from judge import ASKED, said

if TYPE_CHECKING:
    from world import Seen


def page_of(seen: dict[str, Seen], what: str) -> Html:
    """All months, or one by its id; empty if there is none of that name."""
    if what:
        return _one(seen[what]) if what in seen else Html()
    head = [
        "month",
        "doubt, %",
        "lost, EUR",
        "the brief says",
        "left",
        "the brief says",
        "to ask for",
        "the brief asks for",
    ]
    rows = []
    for id, one in seen.items():
        truths = one.made.truths
        trade = one.made.trade
        row: list[object] = [link(f"/pages/{id}", id), f"{100 * trade.doubt / trade.lost:.1f}"]
        for name in ("lost", "left", "ask"):
            row += [_shown(truths[name]), _shown(said(one.found, name)) or one.why or "nothing"]
        rows.append(row)
    return table(head, rows)


def _one(seen: Seen) -> Html:
    made = seen.made
    truths = {name: _shown(value) for name, value in made.truths.items()}
    outages = [
        [event.id, _time(made.trade.at(event.begin)), _time(made.trade.at(event.end)), event.component,
         "planned" if event.planned else event.status, f"{event.lost:,.0f}" if event.counts else "does not count"]
        for event in made.trade.events
    ]  # fmt: skip
    head = ["outage", "begins, UTC", "ends, UTC", "component", "it is", "EUR that it took for good"]
    offers = [
        [
            one.id,
            one.component,
            f"{one.once:,}",
            f"{one.worth:,.0f}",
            "never" if one.worth <= 0 else f"{one.payback:.1f}",
        ]
        for one in made.offers.proposals
    ]
    written = text(seen.document) if seen.document else Html(f"<p>{seen.why}</p>" if not seen.why else "")
    parts = [heading("Outages"), table(head, outages), heading(f"Proposals; {made.offers.budget:,} EUR are to be had")]
    parts.append(table(["proposal", "component", "once, EUR", "worth, EUR a year", "back after months"], offers))
    return Html("".join([*parts, claims(seen.found, ASKED, truths), heading("The brief"), written]))


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return "" if value is None else str(value)


def _time(moment: object) -> str:
    return str(moment).replace("T", " ")[:16]
