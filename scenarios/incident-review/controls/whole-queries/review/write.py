"""The incident review: `write(case)` is called once for each incident, with its tables in DuckDB."""

from datetime import datetime
from pathlib import Path
from typing import Any

import actions
import duckdb
import figures
from claims import Claims
from figures import Figure
from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATE = Environment(
    loader=FileSystemLoader(Path(__file__).parent), trim_blocks=True, undefined=StrictUndefined
).get_template("review.md.j2")


def write(case: duckdb.DuckDBPyConnection) -> str:
    claims = Claims()
    facts = figures.facts(case)
    kind, name, weight = figures.cause(case)
    moments = {moment: claims.add(moment, facts[moment]) for moment in ("started", "paged", "mitigated", "ended")}
    component = facts["component"].value
    each = facts["lost-eur"].value / facts["customers"].value if facts["customers"].value else None
    return TEMPLATE.render(
        component=component,
        day=f"{facts['started'].value:%Y-%m-%d}",
        **moments,
        events=events(moments, facts["paged"].value, figures.meanwhile(case)),
        customers=claims.add("customers", facts["customers"], "customers"),
        lost=claims.add("lost-eur", facts["lost-eur"], "EUR"),
        each=claims.add("each-eur", Figure(each, "= lost-eur / customers"), "EUR"),
        share=claims.add("failed-share", facts["failed-share"], "%"),
        component_claim=claims.add("component", facts["component"]),
        reason=claims.add("reason", facts["reason"]),
        kind=kind,
        name=name,
        top=weight.value,
        cause=claims.add("cause", Figure(f"{kind}:{name}")),
        weight=claims.add("weighed-cause", weight, "points"),
        suspects=[(one, claims.add(f"weighed-{one.change}", one.weight, "points")) for one in figures.suspects(case)],
        actions=[
            (
                factor.finding.replace("{component}", component).format(
                    claims.add(f"action-{found}", figure, factor.unit)
                ),
                factor.action.replace("{component}", component),
            )
            for found, figure in actions.due(case).items()
            for factor in [actions.FACTORS[found]]
        ],
        claims=claims,
    )


def events(
    moments: dict[str, str], paged: datetime | None, changes: list[dict[str, Any]]
) -> list[tuple[datetime, str]]:
    """What happened between start and end, each with its time: the page, and every change that was begun."""
    found = [(paged, f"{moments['paged']}: the first page.")] if paged else []
    for change in changes:
        name, outcome = (moments["mitigated"], "the incident") if change["ended_it"] else (change["change"], "nothing")
        text = f"{change['utc']:%H:%M:%S}: {name} was begun, a {change['kind']} of {change['service']}."
        found.append((change["utc"], f"{text} It ended {outcome}."))
    return found
