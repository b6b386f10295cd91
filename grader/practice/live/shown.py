"""What the page is told, as plain data. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from grader.practice.live.services import Seen
from grader.practice.live.sources import EVERYDAY, Played
from grader.practice.live.table import Events, Promise, Series
from grader.safe import visible

WINDOW_S = 60
EVERYDAY_BINS = 60
WINDOWS = {"30 s": 0.5, "1 min": 1.0, "5 min": 5.0}
"""What may be looked at of everyday traffic, and the width of a bin in seconds."""

MOST_BINS = 60
STEPS_S = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0)
UNANSWERED = -1
"""Stands for a latency without an end, which JSON cannot say."""


def objectives(promises: Sequence[Promise], seconds: Sequence[Sequence[tuple[int, int]]]) -> list[dict[str, Any]]:
    """Each objective's last minute against its promise."""
    return [_objective(promise, counts) for promise, counts in zip(promises, seconds, strict=True)]


def _objective(promise: Promise, counts: Sequence[tuple[int, int]]) -> dict[str, Any]:
    good, bad = (sum(pair[n] for pair in counts) for n in (0, 1))
    allowed = (1 - promise.slo.target) * (good + bad)
    return {
        "id": promise.slo.id,
        "title": visible(promise.slo.title, 120),
        "promise": visible(" ".join(promise.slo.spec.description.split()), 400),
        "target": promise.slo.target,
        "judged": promise.everyday,
        "good": good,
        "bad": bad,
        "budget": round(1 - bad / allowed, 3) if good + bad else None,
        "seconds": [list(pair) for pair in counts],
    }


def everyday(events: Events, start_s: float, now_s: float, width_s: float, missed: str) -> dict[str, Any]:
    """The last minutes of everyday traffic, in sixty bins that stay where they are as time goes on.

    Args:
        width_s: of a bin.
        missed: SQL that says what was not fine.
    """
    end = math.floor(now_s / width_s) * width_s - start_s
    begin = end - width_s * (EVERYDAY_BINS - 1)
    series = events.series(EVERYDAY, begin, width_s, EVERYDAY_BINS, missed)
    told = _series(series)
    return {**told, "title": "everyday traffic", "start": round(begin + start_s, 2), "clock": True, "phases": []}


def trial(events: Events, played: Played, missed: str) -> dict[str, Any]:
    """A rehearsal's trial over its whole timeline; `missed` is SQL that says what was not fine."""
    width = next((step for step in STEPS_S if played.seconds / step <= MOST_BINS), STEPS_S[-1])
    series = events.series(played.source, 0.0, width, max(1, math.ceil(played.seconds / width)), missed)
    phases = [[visible(one.name, 30), one.start_s, one.end_s] for one in played.stretches]
    return {
        **_series(series),
        "title": visible(played.title, 80),
        "start": 0.0,
        "clock": False,
        "phases": phases,
        "tries": played.tries,
    }


def _series(series: Series) -> dict[str, Any]:
    return {
        "width": series.width_s,
        "n": series.n,
        "bad": series.bad,
        "p50": [_latency(value) for value in series.p50],
        "p99": [_latency(value) for value in series.p99],
        "who": series.who,
        "tenants": series.tenants,
    }


def _latency(value: float | None) -> float | None:
    return value if value is None else UNANSWERED if math.isinf(value) else round(value, 4)


def services(seen: Sequence[Seen], restarts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Each service as a row; `restarts`: how many of each commands told of, some of which nobody saw."""
    return [
        {
            "name": one.name,
            "open": one.open,
            "state": one.state,
            "code": one.exit_code,
            "memory": None if one.memory is None else round(one.memory / 1e6),
            "restarts": max(one.restarts, restarts.get(one.name, 0)),
        }
        for one in seen
    ]


def restarts(told: Sequence[dict[str, Any]], seen: Sequence[tuple[float, str]], late_s: float) -> list[dict[str, Any]]:
    """Marks of the restarts that commands told of, and of those that nobody did.

    Args:
        told: as `grader.practice.live.journal.marks` gives them; one may be seen before its command tells of it.
        seen: when a service was seen to have started again, and its name.
        late_s: a restart is seen at most so long after it was done.
    """
    unknown = [(at, f"{name} started again") for at, name in untold(told, seen, late_s)]
    asked = [(mark["at"], f"restarted {several(mark['services'])}") for mark in told]
    return [{"at": round(at, 1), "what": "restart", "text": text} for at, text in asked + unknown]


def untold(told: Sequence[dict[str, Any]], seen: Sequence[tuple[float, str]], late_s: float) -> list[tuple[float, str]]:
    """The restarts that were seen and that no command told of; arguments as for `restarts`."""
    return [
        (at, name)
        for at, name in seen
        if not any(name in mark["services"] and mark["began"] <= at < mark["at"] + late_s for mark in told)
    ]


def several(names: Sequence[str]) -> str:
    """Names in a line: all of a few, the first three of many."""
    return visible(", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else ""), 160)


def run(told: dict[str, Any] | None, result: dict[str, Any] | None) -> dict[str, Any] | None:
    """A run as the terminal's table has it, and what it came to once it is over."""
    if told is None:
        return None
    progress = told.get("progress") or {}
    return {
        "what": "exam" if told.get("what") == "exam" else "rehearsal",
        "began": told.get("began", 0),
        "running": told["running"],
        "stage": visible(str(progress.get("stage", "preparing")), 60),
        "elapsed": progress.get("elapsed_s", 0),
        "planned": progress.get("planned_s", 0),
        "trials": [
            {
                "title": visible(str(one["title"]), 80),
                "state": visible(str(one["state"]), 20),
                "phase": visible(str(one["phase"]), 30),
                "rate": one["rate"],
                "done": one["done"],
                "bad": one["bad"],
            }
            for one in progress.get("trials", ())
        ],
        "objectives": [
            {
                "id": one["id"],
                "title": visible(str(one["title"]), 120),
                "target": one["target"],
                "good": one["good"],
                "valid": one["valid"],
                "verdict": one["verdict"],
            }
            for one in progress.get("objectives", ())
        ],
        "result": None if told["running"] else result,
    }
