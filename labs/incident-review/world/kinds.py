"""What the plan says of an incident, and the limits that all know. All else is drawn from its id."""

from __future__ import annotations

from typing import Any

from casebook.plan import Case

KINDS = "version", "config", "host", "outside"
"""What was at fault: a version, a setting on some hosts, a host by itself, a party outside."""

FACTORS = "late-page", "late-word", "slow-undo", "storm", "foretold", "repeat"
TURNS = "early", "late", "lull", "same", "back", "around", "one"
"""What stands in the way of a shortcut: a bad minute alone before it, one after it, an end that is none, an innocent
change of what failed (or of who called it, where that is outside), a team that goes back for nothing, an end by a
change of the service above, and a change at fault that reached one host, so that both weigh the same."""

CHANGED = "version", "config"
"""Kinds in which a change was at fault: the turn `one` needs one."""

LATE_PAGE, LATE_WORD, SLOW_UNDO, STORM, FORETOLD, REPEAT_DAYS = 5.0, 10.0, 20.0, 2.0, 10, 90
"""Minutes, minutes, minutes, times, minutes, days: a factor holds beyond its limit."""

GAUGE = 90.0
"""Per cent: a gauge above it foretells."""

CUSTOMERS = "web", "app"
"""Clients that are people. The others are monitors and bots."""

HURT, BAD_MINUTES, BEFORE_MIN, AFTER_MIN = 0.05, 3, 30, 30
"""More than such a share of failed payments makes a bad minute; so many in a row begin an incident; suspects are
changes of so many minutes before it; who has not paid so many minutes after it was lost."""

Columns = dict[str, Any]
"""A table: names, and arrays of one length."""


class Incident(Case):
    """A case. `kind`: of KINDS; `factors`: those of FACTORS that hold; `turns`: those of TURNS that it has."""

    kind: str
    factors: list[str]
    turns: list[str]
