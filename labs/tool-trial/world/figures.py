"""What results say of a tool, and what follows: DETAILS.md in code."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from drawing import Columns
from health import days, share
from streams import CHANGES, EACH, ROWS, WITHIN

RUNG_KINDS = (*CHANGES, "season")
NONE = "none"

Alarm = tuple[str, str, int]
"""Tool, stream, row."""


def measured(tools: Sequence[str], streams: Columns, results: Sequence[Alarm]) -> dict[str, float | bool | None]:
    """`found-`, `delay-`, `false-` and `rings-` of each tool, by name of the claim; None for no value."""
    heard = _heard(results)
    rows = list(zip(streams["stream"], streams["kind"], streams["changes_at"], strict=True))
    found: dict[str, float | bool | None] = {}
    for tool in tools:
        rings = dict.fromkeys(RUNG_KINDS, 0)
        delays: list[int] = []
        false = quiet = changes = 0
        for stream, kind, begins in rows:
            mine = sorted(heard.get((tool, stream), []))
            until = ROWS if kind == "quiet" else 0 if kind == "season" else int(begins)
            quiet, false = quiet + until, false + sum(row < until for row in mine)
            if kind == "season":
                rings[kind] += bool(mine)
            elif kind != "quiet":
                changes += 1
                late = [row - until for row in mine if until <= row < until + WITHIN]
                rings[kind] += bool(late)
                delays += late[:1]
        found[f"found-{tool}"] = len(delays) / changes if changes else None
        found[f"delay-{tool}"] = sum(delays) / len(delays) if delays else None
        found[f"false-{tool}"] = 1e4 * false / quiet if quiet else None
        found |= {f"rings-{tool}-{kind}": 2 * many > EACH for kind, many in rings.items()}
    return found


def hasty(tools: Sequence[str], streams: Columns, results: Sequence[Alarm]) -> set[str]:
    """Names of `rings-` claims that a rule of one's own gets wrong: an alarm at any row, in any stream, or in all."""
    heard = _heard(results)
    found: set[str] = set()
    for tool in tools:
        for kind in RUNG_KINDS:
            begins = [
                (stream, 0 if at is None else int(at))
                for stream, of, at in zip(streams["stream"], streams["kind"], streams["changes_at"], strict=True)
                if of == kind
            ]
            within = ROWS if kind == "season" else WITHIN
            rung = [heard.get((tool, stream), []) for stream, _ in begins]
            late = [any(at <= row < at + within for row in rows) for rows, (_, at) in zip(rung, begins, strict=True)]
            most = 2 * sum(late) > EACH
            if {any(late), all(late), 2 * sum(map(bool, rung)) > EACH} != {most}:
                found.add(f"rings-{tool}-{kind}")
    return found


def _heard(results: Sequence[Alarm]) -> dict[tuple[str, str], list[int]]:
    """Rows by tool and stream."""
    heard: dict[tuple[str, str], list[int]] = {}
    for tool, stream, row in results:
        heard.setdefault((tool, stream), []).append(row)
    return heard


def healthy(tools: Sequence[str], tables: dict[str, Columns]) -> dict[str, float]:
    """`bus-` and `answered-` of each tool."""
    today: datetime.datetime = tables["needs"]["today"][0]
    found = {f"bus-{tool}": share(tables["commits"], tool, today) for tool in tools}
    return found | {f"answered-{tool}": days(tables["issues"], tool, today) for tool in tools}


def unmet(tool: str, tables: dict[str, Columns], figures: dict[str, Any]) -> list[str]:
    """The needs that a tool does not meet, as faults."""
    needs = {name: values[0] for name, values in tables["needs"].items()}
    licence = tables["tools"]["licence"][tables["tools"]["tool"].index(tool)]
    bad = {
        "kind": not all(figures[f"rings-{tool}-{kind}"] for kind in CHANGES if needs[f"find_{kind}"]),
        "season": needs["quiet_on_season"] and figures[f"rings-{tool}-season"],
        "delay": (figures[f"delay-{tool}"] or 0) > needs["most_delay"],
        "false": figures[f"false-{tool}"] > needs["most_false"],
        "licence": licence not in tables["licences"]["licence"],
        "bus": figures[f"bus-{tool}"] > needs["most_share"],
        "answered": figures[f"answered-{tool}"] > needs["most_days"],
    }
    return [fault for fault, holds in bad.items() if holds]
