"""A tray, package by package, each a database of its own: views give what fails, an order what comes first."""

from __future__ import annotations

import sqlite3
from typing import Any

from package import Incomplete, Package
from steps import REASONS, STEPS
from tables import tables

Decision = dict[str, Any]


def validate(tray: dict[str, Any]) -> dict[str, Decision]:
    """A decision for each package: approve, refuse or ask."""
    return {each["id"]: contained(each, tray) for each in tray["packages"]}


def contained(sent: dict[str, Any], tray: dict[str, Any]) -> Decision:
    """A decision, whatever is in the package."""
    try:
        package = Package(sent)
    except Incomplete as error:
        return decision("refuse", 1, why=str(error))
    except Exception as error:
        return decision("refuse", 1, why=f"cannot be read: {type(error).__name__}")
    if package.model["kind"] != "logistic":
        return decision("ask", None, reason="kind", why="the steps are not written for this kind")
    try:
        with tables(package, tray) as db:
            return decided(db)
    except Exception as error:
        return decision("ask", None, reason="contradiction", why=f"the validator failed: {type(error).__name__}")


def decided(db: sqlite3.Connection) -> Decision:
    """Reasons first, then the first step that is not passed."""
    facts, bounds = dict(db.execute("select * from facts")), dict(db.execute("select * from bounds"))
    db.create_function("fact", 1, facts.get)
    db.create_function("bound", 1, bounds.get)
    db.execute(f"create table results as {' union all '.join(f'select * from ({step})' for step in STEPS)}")
    for reason, why in db.execute(REASONS):
        return decision("ask", None, reason=reason, why=why)
    for step, figure, bound, why in db.execute(
        "select step, figure, bound, why from results where not passed order by step limit 1"
    ):
        return decision("refuse", step, figure, bound, why=why)
    return decision("approve", None, why="all twelve steps are passed")


def decision(word: str, step: int | None, figure: Any = None, bound: Any = None, **more: Any) -> Decision:
    return {"decision": word, "step": step, "figure": figure, "bound": bound, "reason": None, **more}
