"""What people look at: pages of the pager and tickets of the public week, and what happened in it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from calendar_week import SERVICES, STEP_S, Week, clock
from casebook.page import Html, heading, link, table, text_of
from pager import Told

if TYPE_CHECKING:
    from world import World

PAGES = {
    "pages": "whom the pager woke",
    "tickets": "tickets",
    "happened": "what happened",
    "names": "by name of the alert",
}
MOST = 400


def page_of(world: World, what: str) -> Html:
    """A page of the public week; empty if there is none of that name."""
    if what and what not in PAGES:
        return Html("")
    if world.trouble:
        return Html(heading("These are no rules and routes that can be carried out") + text_of(world.trouble))
    name, week = next(iter(world.weeks.items()))
    if name not in world.told:
        return text_of("The week is still being played. Load the page again in some seconds.")
    told = world.told[name]
    if what:
        return {"happened": lambda: happened(week), "names": lambda: names(told)}.get(
            what, lambda: listed(told, what[:-1])
        )()
    counts = Counter(each.receiver for each in told)
    rows = [[receiver, counts[receiver]] for receiver in ("page", "ticket")]
    links = "".join(f"<p>{link(f'/pages/{to}', title)}</p>" for to, title in PAGES.items())
    return Html(table(["receiver", "groups that opened in the week"], rows) + links)


def listed(told: list[Told], receiver: str) -> Html:
    """What one receiver was told."""
    rows: list[list[str]] = []
    for each in told:
        if each.receiver == receiver and len(rows) < MOST:
            about = [dict(labels) for labels in each.alerts]
            columns = [
                sorted({alert.get(label, "") for alert in about}) for label in ("alertname", "region", "service")
            ]
            rows.append(
                [clock(each.opened / STEP_S), clock(each.closed / STEP_S), *(", ".join(texts) for texts in columns)]
            )
    return Html(
        heading(f"{receiver}: groups that opened") + table(["opened", "closed", "alerts", "regions", "services"], rows)
    )


def names(told: list[Told]) -> Html:
    """How often each alert was among those that opened something."""
    counts = Counter((each.receiver, dict(labels).get("alertname", "")) for each in told for labels in each.alerts)
    rows = [[receiver, name, many] for (receiver, name), many in counts.most_common(MOST)]
    return Html(heading("alerts that opened something") + table(["receiver", "alert", "how often"], rows))


def happened(week: Week) -> Html:
    """All that happened in a week."""
    rows = []
    for region in week.regions:
        for each in region.episodes:
            services = ", ".join(SERVICES[number] for number in each.services)
            bad = f"{100 * max(each.shares):.2g} %" if each.shares else ""
            by = clock(each.deadline) if each.deadline else ""
            rows.append([region.name, each.what, each.kind, services, bad, clock(each.begins), clock(each.ends), by])
    head = ["region", "what", "of what kind", "services", "bad requests", "from", "to", "to be told by"]
    return Html(heading("what happened") + table(head, rows))
