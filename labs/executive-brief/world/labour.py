"""Hours of teams, the tickets that they are booked on, and releases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from common.names import generator, named
from trade import WEEKS

if TYPE_CHECKING:
    from trade import Trade

TEAMS = 5
KINDS = "feature", "bug", "chore", "question"
"""Of tickets, beside incidents."""

LEVELS = 2, 7
"""So many levels of tickets hang below an incident, or fewer than the second: no row of joins reaches all of them."""


def labour(seed: int | str, case: str, trade: Trade) -> tuple[dict[str, dict[str, Any]], float, float]:
    """Tables `work`, `tickets`, `releases`; the hours on incidents and on all that hangs below their tickets; and
    releases of a week with an outage, as a share of those of a week without."""
    rng = generator(seed, case, "labour")
    teams = [f"team-{named(seed, case, 'team', at, size=2)}" for at in range(TEAMS)]
    tickets = _tickets(rng, seed, case, len(trade.events))
    below = {ticket for ticket, _, _, incident in tickets if incident}
    work: list[tuple[str, int, float, str]] = []
    for ticket, _, _, incident in tickets:
        for _ in range(rng.randrange(2, 7)):
            most = 14 if incident else 20
            work.append((rng.choice(teams), rng.randrange(7 * WEEKS), rng.randrange(2, 2 * most) / 2, ticket))
    rng.shuffle(work)
    hours = sum(spent for _, _, spent, ticket in work if ticket in below)
    bad = trade.bad
    usual, slow = rng.uniform(38, 60), rng.uniform(0.5, 0.75)
    released: list[tuple[int, str]] = []
    for week in range(WEEKS):
        many = round(usual * (slow if week in bad else 1) * rng.uniform(0.94, 1.06))
        released += [(7 * week + rng.randrange(5), rng.choice(teams)) for _ in range(many)]
    rng.shuffle(released)
    in_bad = sum(day // 7 in bad for day, _ in released)
    slower = (in_bad / len(bad)) / ((len(released) - in_bad) / (WEEKS - len(bad)))
    order = rng.sample(tickets, len(tickets))
    tables = {
        "work": _columns(["team", "day", "hours", "ticket"], work),
        "tickets": _columns(["ticket", "parent", "kind"], [each[:3] for each in order]),
        "releases": _columns(["day", "team"], released),
    }
    for table in ("work", "releases"):
        tables[table]["day"] = trade.start + np.array(tables[table]["day"]).astype("timedelta64[D]")
    return tables, hours, slower


def _tickets(rng: Any, seed: int | str, case: str, incidents: int) -> list[tuple[str, str | None, str, bool]]:
    """Id, parent, kind, and whether it is an incident or hangs below one. One incident hangs below another, and one
    below a ticket that is none."""
    found: list[tuple[str, str | None, str, bool]] = []

    def add(parent: str | None, kind: str, below: bool) -> str:
        ticket = f"T-{named(seed, case, 'ticket', len(found), size=3)}"
        found.append((ticket, parent, kind, below))
        return ticket

    tops = [add(None, "incident", True) for _ in range(incidents)]
    tops.append(add(tops[0], "incident", True))
    tops.append(add(add(None, rng.choice(KINDS), False), "incident", True))
    for top in tops:
        level = [top]
        for _ in range(rng.randrange(*LEVELS)):
            level = [add(rng.choice(level), rng.choice(KINDS), True) for _ in range(rng.randrange(1, 4))]
    for _ in range(20):
        parent = add(None, rng.choice(KINDS), False)
        for _ in range(rng.randrange(0, 4)):
            add(parent, rng.choice(KINDS), False)
    return found


def _columns(names: list[str], rows: list[Any]) -> dict[str, Any]:
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}
