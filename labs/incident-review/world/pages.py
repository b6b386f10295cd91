"""What people look at: a line for each public incident; of one its review, its claims, its suspects and its evening."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import judge
from casebook.page import Html, heading, link, table
from cited_cases.pages import claims, text

if TYPE_CHECKING:
    from cited_cases.runs import Written
    from world import Seen

WORDS = "impact", "timeline", "cause", "weighed", "actions"
HEAD = "incident", "cause", "the review says", "customers", "the review says", *WORDS


def page_of(seen: Mapping[str, Seen], what: str) -> Html:
    """All incidents, or one by its id; empty if there is none of that name."""
    if what:
        return incident(seen[what]) if what in seen else Html()
    ordered = sorted(seen.items(), key=lambda each: each[1].number)
    return Html(heading("Incidents") + table(HEAD, [row(id, one) for id, one in ordered]))


def row(id: str, one: Seen) -> list[object]:
    """An incident in short."""
    true = judge.truths(one.made.truth)
    words = {aspect: said[0] for aspect, said in one.words}
    cells: list[object] = [link(f"/pages/{id}", f"{one.number}: {true['started']}")]
    for name in ("cause", "customers"):
        told = judge.said(one.found, name)
        cells += [judge.short(true[name]), judge.short(told) if told is not None else one.why or "nothing"]
    return [*cells, *(words.get(aspect, "") for aspect in WORDS)]


def incident(one: Seen) -> Html:
    """One incident."""
    truth, evening = one.made.truth, one.made.scene
    true = {name: judge.short(value) for name, value in judge.truths(truth).items()}
    offsets = dict(zip(evening.offices, evening.offsets, strict=True))
    changes = [
        [change.id, evening.at(change.begun).astype("datetime64[s]"), f"{offsets[office]:+d} h ({office})", change.kind,
         evening.names[change.role], _part(change.id, one)]
        for change in sorted(evening.changes, key=lambda each: each.begun)
        for office in [evening.offices[change.office]]
    ]  # fmt: skip
    held = [
        [factor, judge.short(figure), "held" if factor in truth.holds else ""]
        for factor, figure in truth.figures.items()
    ]
    return Html(
        heading(f"Incident {one.number}: {truth.cause}")
        + table(["about", "word", "why"], [[aspect, word, note] for aspect, (word, note) in one.words])
        + claims(one.found, judge.names(truth), true)
        + heading("Changes")
        + table(["change", "begun, UTC", "clock of its office", "kind", "service", "what it was"], changes)
        + heading("Factors")
        + table(["factor", "figure", ""], held)
        + heading("The review")
        + text(one.document or f"There is no review: {one.why}.")
    )


def _part(change: str, one: Seen) -> str:
    """What a change had to do with it."""
    truth = one.made.truth
    if change == truth.mitigated:
        return "ended it"
    if change not in truth.weights:
        return ""
    met, others = truth.met[change]
    guilt = "the cause" if truth.cause == f"change:{change}" else "suspect"
    return f"{guilt}, weighs {100 * truth.weights[change]:.1f} points: {met} payments met it, {others} did not"


def reason(written: Written) -> str:
    """Why there is no review. Of what was raised the first line: below it DuckDB draws the query, and a caret."""
    _, traced, rest = written.log.rpartition("Traceback (most recent call last):\n")
    raised = next((line for line in rest.splitlines() if line and not line[0].isspace()), "") if traced else ""
    before, crashed, _ = written.why.partition("exit code 1: ")
    return f"{before}{crashed}{raised[:200]}" if crashed and raised else written.why
