"""The incident review: `write(case)` is called once for each incident, with its tables in DuckDB."""

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import figures
from actions import ACTIONS, AGAINST
from claims import Claims
from jinja2 import Environment, FileSystemLoader

TEMPLATE = Environment(
    loader=FileSystemLoader(Path(__file__).parent), trim_blocks=True, lstrip_blocks=True
).get_template("review.md.j2")

STYLES = {"failed-share": "share", "weighed-cause": "points", "customers": "customers", "lost-eur": "EUR"}
TIMELINE = {
    "started": "payments began to fail",
    "paged": "somebody was woken",
    "told": "the status page spoke of it",
    "undone": "was begun, which ended it",
    "ended": "payments worked again",
}


def write(case: duckdb.DuckDBPyConnection) -> str:
    claims = Claims(case)
    for name, select in figures.FIGURES.items():
        claims.ask(name, figures.query(select), STYLES.get(name, ""))
    cause = claims.values.get("cause", "")
    if "customers" in claims and "lost-eur" in claims and claims.values["customers"]:
        each = claims.values["lost-eur"] / claims.values["customers"]
        claims.note("hurt-each", each, "EUR", formula="lost-eur / customers")
    known = {row[0]: row[1:] for row in case.sql("SELECT change, kind, service FROM changes").fetchall()}
    kind = known.get(cause.removeprefix("change:"), (cause.partition(":")[0],))[0]
    return TEMPLATE.render(
        claims=claims,
        started=claims.values.get("started"),
        timeline=timeline(claims),
        suspects=[suspect(claims, change, known[change], cause) for change in claims.column(_suspects())],
        actions=[held for factor in ACTIONS if (held := action(claims, factor))],
        against=AGAINST.get(kind),
        kind=kind,
    )


def _suspects() -> str:
    return figures.query(figures.SUSPECTS)


def timeline(claims: Claims) -> list[str]:
    """A line for each thing that happened, in the order of time."""
    times: list[tuple[datetime, str]] = [(claims.values[n], n) for n in TIMELINE if n in claims]
    lines = []
    for _, name in sorted(times, key=lambda pair: pair[0]):
        who = f"{claims['mitigated']} " if name == "undone" else ""
        lines.append(f"{claims[name]} {who}{TIMELINE[name]}.")
    return lines


def suspect(claims: Claims, change: str, what: tuple[str, str], cause: str) -> dict[str, Any]:
    """What is known of a change of the half hour before, and what clears it."""
    claims.ask(f"begun-{change}", figures.begun(change))
    claims.ask(f"weighed-{change}", figures.weight(change), "points")
    if cause == f"change:{change}":
        verdict = "the cause"
    elif (failed := claims.value(figures.alone(change, cause))) is None:
        verdict = "cleared: it weighs less, and no traced payment met it but not the cause"
    else:
        claims.note(f"alone-{change}", failed, "share", figures.alone(change, cause))
        verdict = f"cleared: of payments that met it and not the cause, {claims[f'alone-{change}']} failed"
    return {"change": change, "kind": what[0], "service": what[1], "verdict": verdict}


def action(claims: Claims, factor: str) -> str | None:
    """What to do about a factor, if it held."""
    name, sql, about = f"action-{factor}", figures.query(figures.FACTORS[factor]), ACTIONS[factor]
    figure = claims.value(sql, name)
    if not about.held(figure):
        return None
    claims.note(name, figure, about.unit, sql)
    return f"{about.seen.format(claims[name])} **{about.todo}**"
