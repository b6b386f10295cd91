"""A trial whole: its tables, and what is so of it."""

from __future__ import annotations

import datetime
import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from catalogue import SETTINGS
from drawing import LICENCES, TOOLS, Columns, arrays, drawn
from figures import NONE, Alarm, healthy, measured, unmet
from health import project
from kinds import Trial
from makes import alarms
from streams import CHANGES, EACH, KINDS, WITHIN, At, Rows, sent, stream

TRIES = 40
LEAST_FALSE = 1.0
"""False alarms in 10,000 rows below which all tools are alike."""

SHARES, DAYS = (0.25, 0.3, 0.35, 0.65, 0.7, 0.75), (2.0, 3.0, 4.0, 12.0, 16.0, 20.0)
"""What may be asked of a project. Who fails a low bound keeps a high one, so no bound of one's own will do."""
MOST = 0.94


@dataclass
class Made:
    """`tables` as the run is given them; `results`: the alarms that are so; `figures`: by name of the claim."""

    tables: dict[str, Columns]
    tools: list[str]
    results: list[Alarm]
    figures: dict[str, Any]
    choice: str


def made(seed: int, case: Trial) -> Made:
    """All of a trial.

    Raises:
        RuntimeError: no streams that were drawn show of the tools what the plan says: the lab's fault.
    """
    rng = drawn(seed, case, "terms")
    tools = rng.sample(TOOLS, len(case["tools"]))
    today = datetime.datetime(2026, 1, 1, 9) + datetime.timedelta(rng.randrange(300))
    allowed = rng.sample(LICENCES, 4)
    others = [each for each in LICENCES if each not in allowed]
    faults = dict(zip(tools, (each["faults"] for each in case["tools"]), strict=True))
    makes = [SETTINGS[each["key"]] for each in case["tools"]]
    tables: dict[str, Columns] = {
        "tools": {
            "tool": tools, "make": [make for make, _ in makes],
            "settings": [_json(settings) for _, settings in makes],
            "licence": [rng.choice(others if "licence" in faults[tool] else allowed) for tool in tools],
        },
        "licences": {"licence": allowed},
    }  # fmt: skip
    needs: dict[str, Any] = {f"find_{kind}": kind in case["must"] for kind in CHANGES}
    most_share, most_days = rng.choice(SHARES), rng.choice(DAYS)
    needs |= {"quiet_on_season": case["season"], "within_rows": WITHIN, "most_share": most_share}
    needs |= {"most_days": most_days, "today": today}
    projects = []
    for tool in tools:
        bus = most_share * (rng.uniform(1.3, 1.45) if "bus" in faults[tool] else rng.uniform(0.6, 0.78))
        answered = most_days * (rng.uniform(1.6, 2.8) if "answered" in faults[tool] else rng.uniform(0.4, 0.7))
        projects.append(project(rng, tool, today, (min(bus, MOST), most_share), (answered, most_days)))
    for table, columns in (
        ("commits", ("tool", "author", "email", "committed")),
        ("issues", ("tool", "opened", "first_answer")),
        ("releases", ("tool", "version", "released")),
    ):
        rows = [row for each in projects for row in each[table]]
        tables[table] = {name: [row[at] for row in rows] for at, name in enumerate(columns)}
    tables["vendor"] = {
        "tool": tools, "found": [round(rng.uniform(0.93, 0.995), 3) for _ in tools],
        "delay": [float(rng.randint(20, 45)) for _ in tools],
        "false_alarms": [round(rng.uniform(0.1, 0.9), 2) for _ in tools],
    }  # fmt: skip
    for at in range(TRIES):
        one = _streamed(seed, case, at, dict(tables), dict(needs), tools)
        if one and all(set(unmet(tool, one.tables, one.figures)) == {*faults[tool]} for tool in tools):
            return one
    raise RuntimeError(f"no streams for {case['id']}: {faults}")


def _streamed(
    seed: int, case: Trial, attempt: int, tables: dict[str, Columns], needs: dict[str, Any], tools: list[str]
) -> Made | None:
    """The trial on some streams; None if figures lie too near to a bound."""
    rng = drawn(seed, case, "streams", attempt)
    many = arrays(rng)
    kinds = [kind for kind in KINDS for _ in range(EACH)]
    rng.shuffle(kinds)
    names = [f"m{number:04d}" for number in rng.sample(range(10_000), len(kinds))]
    streams = [stream(many, kind) for kind in kinds]
    tables["streams"] = {
        "stream": names,
        "kind": kinds,
        "changes_at": [begins for _, begins in streams],
        "length": [len(rows) for rows, _ in streams],
    }
    there = [sent(many) for _ in streams]
    tables["readings"] = _readings(names, [rows for rows, _ in streams], there)
    results: list[Alarm] = []
    for at, tool in enumerate(tools):
        make, settings = tables["tools"]["make"][at], tables["tools"]["settings"][at]
        for name, (rows, _), (rows_at, _) in zip(names, streams, there, strict=True):
            heard = alarms(make, settings, rows[rows_at].tolist())
            results += [(tool, name, int(rows_at[place])) for place in heard]
    figures: dict[str, Any] = measured(tools, tables["streams"], results)
    bad = dict(zip(tools, (each["faults"] for each in case["tools"]), strict=True))
    for need, figure, least in (("delay", "delay", 1.0), ("false", "false", LEAST_FALSE)):
        values = {tool: max(least, figures[f"{figure}-{tool}"] or 0.0) for tool in tools}
        bound = _bound([values[tool] for tool in tools if need not in bad[tool]],
                       [values[tool] for tool in tools if need in bad[tool]], rng.uniform(1.5, 2.4))  # fmt: skip
        if bound is None:
            return None
        needs[f"most_{need}"] = bound
    tables["needs"] = {name: [value] for name, value in needs.items()}
    figures |= healthy(tools, tables)
    fits = [tool for tool in tools if not bad[tool]]
    return Made(tables, tools, results, figures, fits[0] if fits else NONE)


def _bound(good: list[float], bad: list[float], room: float) -> float | None:
    """A bound with room on both sides."""
    if not good:
        return round(min(bad) / room, 1)
    if not bad:
        return round(min(max(good) * room, max(good) + 100), 1)
    return round(math.sqrt(max(good) * min(bad)), 1) if min(bad) > 2 * max(good) else None


def _readings(names: list[str], streams: list[Rows], there: list[tuple[At, At]]) -> Columns:
    """As they came: what was sent again comes last."""
    at_rows = [np.concatenate(both) for both in there]
    return {
        "stream": np.repeat(np.array(names), [len(rows) for rows in at_rows]),
        "at_row": np.concatenate(at_rows),
        "value": np.concatenate([rows[at] for rows, at in zip(streams, at_rows, strict=True)]),
    }


def _json(settings: dict[str, float | str]) -> str:
    return json.dumps(settings)
