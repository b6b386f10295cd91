"""Who carries a tool and how soon it answers: commits, issues, releases, the vendor's own figures."""

from __future__ import annotations

import datetime
from collections import Counter
from random import Random
from statistics import median
from typing import Any

from drawing import AUTHORS, HANDLES, Columns

YEAR = datetime.timedelta(365)
BOT = "[bot]"
SILENT = 60
"""Days for which those issues have waited, at least, that nobody has answered: more than any median."""

HOMES = "mail.example", "post.example", "works.example", "lab.example"

Row = tuple[Any, ...]


def project(
    rng: Random, tool: str, today: datetime.datetime, bus: tuple[float, float], answered: tuple[float, float]
) -> dict[str, list[Row]]:
    """Rows of commits, issues and releases. `bus` and `answered`: what is so of the last year, and the need. What is
    older, robots, and the last release say the opposite; and who has most commits made them under two names."""
    alone, deaf = bus[0] > bus[1], answered[0] > answered[1]
    last = rng.uniform(3, 25) if alone or deaf else rng.uniform(50, 120)
    days = [last + 70 * at + rng.uniform(0, 20) for at in range(rng.randint(5, 9))]
    releases = [(tool, f"{1 + at // 4}.{at % 4}.0", _before(today, day)) for at, day in enumerate(reversed(days))]
    return {
        "commits": _commits(rng, tool, today, bus[0], alone),
        "issues": _issues(rng, tool, today, *answered),
        "releases": releases,
    }


def _commits(rng: Random, tool: str, today: datetime.datetime, busiest: float, alone: bool) -> list[Row]:
    """`busiest`: the share of the person with most of the last year's commits."""
    authors, handle = rng.sample(AUTHORS, 8), rng.choice(HANDLES)
    robot = rng.choice(("renovate", "dependabot", "release")) + BOT
    where = {author: f"{author}@{rng.choice(HOMES)}" for author in authors} | {
        robot: f"{robot.removesuffix(BOT)}@ci.example"
    }
    many = rng.randint(70, 110)
    first = round(many * busiest)
    recent = [authors[0]] * first + [authors[1 + at % 7] for at in range(many - first)]
    recent += [robot] * round(many * (rng.uniform(0.9, 1.3) if alone else rng.uniform(0.1, 0.3)))
    before = round(many * (rng.uniform(0.6, 1.0) if alone else rng.uniform(1.2, 2.2)))
    old = [authors[at % 7] if alone else authors[7] if at % 9 else authors[1] for at in range(before)]
    other = rng.sample(range(first), round(first * rng.uniform(0.35, 0.5)))
    rows: list[Row] = []
    for at, author in enumerate(recent):
        rows.append((tool, handle if at in other else author, where[author], _ago(rng, today, 1, 364)))
    rows += [(tool, author, where[author], _ago(rng, today, 367, 1100)) for author in old]
    rng.shuffle(rows)
    return rows


def _issues(rng: Random, tool: str, today: datetime.datetime, middle: float, need: float) -> list[Row]:
    """`middle`: the median of days to the first answer. A fifth to two fifths of the last year's have none."""
    half = rng.randint(15, 22)
    silent = round((2 * half + 1) * rng.uniform(0.2, 0.4))
    waits = [middle * rng.uniform(0.15, 0.9) for _ in range(half)] + [middle]
    waits += [middle * rng.uniform(1.1, 2.5) for _ in range(half - silent)]
    rows: list[Row] = [(tool, _ago(rng, today, SILENT, 364), None) for _ in range(silent)]
    for wait in waits:
        opened = _ago(rng, today, wait + 1, 364)
        rows.append((tool, opened, opened + _days(wait)))
    for _ in range(rng.randint(25, 40)):
        opened = _ago(rng, today, 450, 1100)
        times = rng.uniform(0.1, 0.6) if middle > need else rng.uniform(2, 5)
        rows.append((tool, opened, opened + _days(times * need)))
    rng.shuffle(rows)
    return rows


def share(commits: Columns, tool: str, today: datetime.datetime) -> float:
    """`bus`: the share of the last year's commits that are of the person with most of them; robots are nobody. A person
    has one address, and may have several names."""
    rows = zip(commits["tool"], commits["author"], commits["email"], commits["committed"], strict=True)
    counts = Counter(
        email for of, author, email, when in rows if of == tool and when >= today - YEAR and BOT not in author
    )
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


def _days(many: float) -> datetime.timedelta:
    return datetime.timedelta(minutes=round(1440 * many))
