"""What people look at: a table of all releases, and the course of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from casebook.page import Html, heading, link, table, text_of
from meter import AN_HOUR, NEW, OLD, clock
from releases import Release
from rollout import Run, Step
from rules import sight
from words import account
from written import COUNTS, Plan, Rule

if TYPE_CHECKING:
    from world import World

EVERY_H = 2
MEANS = {
    "fine": "",
    "hungry": "needs more replicas than usual",
    "cold": "late in the first ten minutes of a phase",
    "shared": "bad weather: both models fail more often, two hours of eight",
    "tail": "late from 60 % of the peak's work",
    "leak": "late and failing after hours of half of the peak's work",
    "worse": "more wrong captions",
    "rare": "more errors on real requests",
    "slice": "many wrong captions in one language",
    "off": "people switch it off",
    "hour": "late for three hours of the day, with users only",
    "crowd": "fails some hours after most users are on it",
    "one-way": "people switch it off, and going back takes hours",
    "huge": "needs more replicas than there is money for",
}
RATIOS = (("errors", "requests"), ("late", "requests"), ("wrong", "judged"), ("switched_off", "sessions"))


def page_of(world: World, what: str) -> Html:
    """The page of a release, or of all; empty if there is none of that name."""
    runs = {release.id: (release, run) for release, run in world.runs}
    if what and not world.knows(what):
        return Html("")
    if world.trouble:
        return Html(heading("This plan cannot be carried out") + text_of(world.trouble))
    if what and what not in runs:
        return text_of("This season has not come to this release yet. Load the page again in some seconds.")
    if what and world.plan:
        return one(world.plan, runs[what][0], world.carried_out(what))
    head = ["release", "what it is", "fit", "needs", "bought", "met", "how it went"]
    return table(head, [line(release, run) for release, run in runs.values()])


def line(release: Release, run: Run) -> list[object]:
    """A release in the table of all."""
    return [
        link(f"/pages/{release.id}", release.id),
        described(release),
        "yes" if release.fit else "no",
        f"{release.need:.1f}",
        "" if run.replicas is None else run.replicas,
        f"{100 * run.met:.2f} %",
        account(run),
    ]


def one(plan: Plan, release: Release, run: Run) -> Html:
    """A rollout: its phases, what each rule saw, and what was counted."""
    steps = [[s.phase.kind, at_clock(release, s.begun), hours(s.ended - s.begun), s.replicas, s.end] for s in run.steps]
    parts = [
        heading(f"{release.id}, {described(release)}: {account(run)}"),
        table(["phase", "begins", "lasts", "replicas", "ends"], steps),
        heading("What each rule saw"),
        table(
            ["phase", "rule", "counted", "new", "old", "limit", "highest, with enough counted", "fired after"],
            [row for step in run.steps for row in seen(plan, step)],
        ),
        heading("What was counted, new / old in %"),
        table(
            ["phase", "o'clock", "requests", *(f"{above} of {below}" for above, below in RATIOS)],
            [row for step in run.steps for row in counted(release, step)],
        ),
    ]
    return Html("".join(parts))


def described(release: Release) -> str:
    """What a release is, in words."""
    means = MEANS[release.kind]
    return f"{release.kind} ({means})" if means else release.kind


def seen(plan: Plan, step: Step) -> Iterator[list[object]]:
    """A row for each rule of a phase: what it saw at the end, the highest it saw, and when it fired."""
    if step.totals is None:
        return
    for rule in plan.rules:
        if step.phase.kind not in rule.places:
            continue
        saw = sight(rule, step.totals)
        value = saw.new - (saw.old if rule.against == "old" else 0)
        judged = np.where(saw.enough, value, -np.inf)
        highest, column = judged.max(), int(judged.max(0).argmax())
        fired = saw.fires.any(1)
        yield [
            step.phase.kind,
            rule.name,
            int(saw.counted[-1, column]),
            percent(saw.new[-1, column]),
            percent(saw.old[-1, column]),
            limit(rule, rule.above),
            limit(rule, highest) if np.isfinite(highest) else "not enough",
            hours(int(fired.argmax()) + 1) if fired.any() else "",
        ]


def counted(release: Release, step: Step) -> Iterator[list[object]]:
    """A row for every two hours of a phase."""
    if step.totals is None:
        return
    last = step.totals.shape[1] - 1
    for begun in range(0, last, EVERY_H * AN_HOUR):
        part = (step.totals[:, min(last, begun + EVERY_H * AN_HOUR)] - step.totals[:, begun]).sum(-1)
        new, old = (dict(zip(COUNTS, part[:, arm].tolist(), strict=True)) for arm in (NEW, OLD))
        ratios = [f"{ratio(new, *pair)} / {ratio(old, *pair)}" for pair in RATIOS]
        requests = f"{new['requests']:,} / {old['requests']:,}"
        yield [step.phase.kind, at_clock(release, step.begun + begun), requests, *ratios]


def ratio(counts: Mapping[str, float], above: str, below: str) -> str:
    """A ratio in per cent, a dash where nothing was counted."""
    return f"{100 * counts[above] / counts[below]:.2f}" if counts[below] else "-"


def percent(value: float) -> str:
    """A ratio as people read it."""
    return "" if np.isnan(value) else f"{100 * value:.2f} %"


def limit(rule: Rule, value: float) -> str:
    """What a rule looks at as people read it: a ratio, or how many points the new one has more."""
    return f"{100 * value:+.2f} points" if rule.against == "old" else percent(value)


def hours(buckets: float) -> str:
    """How long so many buckets are."""
    return f"{buckets / AN_HOUR:.1f} h"


def at_clock(release: Release, bucket: int) -> str:
    """The o'clock at which a bucket begins, and on which day."""
    at = float(clock(release, bucket))
    return f"day {int(at // 24)}, {int(at % 24):02d}:{int(at * 60 % 60):02d}"
