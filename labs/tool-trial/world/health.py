"""Who carries a tool and how soon it answers: commits, issues, releases, the vendor's own figures."""

from __future__ import annotations

import datetime
from collections import Counter
from random import Random
from statistics import median
from typing import Any

from drawing import AUTHORS, Columns

YEAR = datetime.timedelta(365)
BOT = "[bot]"
Row = tuple[Any, ...]


def project(rng: Random, tool: str, today: datetime.datetime, alone: bool, deaf: bool) -> dict[str, list[Row]]:
    """Rows of commits, issues and releases. `alone`: one author has nearly all of the last year; `deaf`: most issues of
    the last year have no answer. What is older, robots, and the last release say the opposite."""
    authors = rng.sample(AUTHORS, 6)
    robot = rng.choice(("renovate", "dependabot", "release")) + BOT
    many = rng.randint(70, 110)
    first = round(many * (rng.uniform(0.84, 0.94) if alone else rng.uniform(0.24, 0.34)))
    recent = [authors[0]] * first + [authors[1 + at % 5] for at in range(many - first)]
    recent += [robot] * round(many * (rng.uniform(0.9, 1.3) if alone else rng.uniform(0.1, 0.3)))
    before = rng.randint(60, 100)
    old = [authors[at % 5] if alone else authors[5] if at % 9 else authors[1] for at in range(before)]
    commits = [(tool, author, _ago(rng, today, 1, 364)) for author in recent]
    commits += [(tool, author, _ago(rng, today, 367, 1100)) for author in old]

    issues: list[Row] = []
    asked = rng.randint(31, 45)
    silent = round(asked * (rng.uniform(0.56, 0.66) if deaf else rng.uniform(0.08, 0.2)))
    for at in range(asked):
        opened = _ago(rng, today, 40 if at < silent else 20, 360)
        issues.append((tool, opened, None if at < silent else opened + _days(rng, 0.5, 3.5)))
    for _ in range(rng.randint(25, 40)):
        opened = _ago(rng, today, 367 + 60, 1100)
        issues.append((tool, opened, opened + (_days(rng, 0.5, 2) if deaf else _days(rng, 20, 60))))
    last = rng.uniform(3, 25) if alone or deaf else rng.uniform(50, 120)
    days = [last + 70 * at + rng.uniform(0, 20) for at in range(rng.randint(5, 9))]
    releases = [(tool, f"{1 + at // 4}.{at % 4}.0", _before(today, day)) for at, day in enumerate(reversed(days))]
    rng.shuffle(commits)
    rng.shuffle(issues)
    return {"commits": commits, "issues": issues, "releases": releases}


def share(commits: Columns, tool: str, today: datetime.datetime) -> float:
    """`bus`: the share of the last year's commits that are of the author with most of them; robots are no authors."""
    rows = zip(commits["tool"], commits["author"], commits["committed"], strict=True)
    counts = Counter(author for of, author, when in rows if of == tool and when >= today - YEAR and BOT not in author)
    return max(counts.values()) / sum(counts.values()) if counts else 0.0


def days(issues: Columns, tool: str, today: datetime.datetime) -> float:
    """`answered`: the median of days to the first answer, over the last year's issues; to today if there is none."""
    rows = zip(issues["tool"], issues["opened"], issues["first_answer"], strict=True)
    waits = [
        ((answer if isinstance(answer, datetime.datetime) else today) - opened).total_seconds() / 86_400
        for of, opened, answer in rows
        if of == tool and opened >= today - YEAR
    ]
    return median(waits) if waits else 0.0


def _before(today: datetime.datetime, days: float) -> datetime.datetime:
    return today - datetime.timedelta(minutes=round(1440 * days))


def _ago(rng: Random, today: datetime.datetime, least: float, most: float) -> datetime.datetime:
    return _before(today, rng.uniform(least, most))


def _days(rng: Random, least: float, most: float) -> datetime.timedelta:
    return datetime.timedelta(minutes=round(1440 * rng.uniform(least, most)))
