"""What people look at: a line for each public launch; of one its review, its claims, and both rollouts."""

from __future__ import annotations

from collections.abc import Mapping

import judge
from casebook.page import Html, heading, link, table
from cited_cases.pages import claims, text
from seen import Seen
from truth import Truth

HEAD = "launch", "decision", "for", "the review says", "figures", "offer", "bad rollout", "fine rollout"


def page_of(seen: Mapping[str, Seen], what: str) -> Html:
    """All launches, or one; empty if there is none of that name."""
    if what:
        return launch(seen[what]) if what in seen else Html()
    return Html(
        heading("Launches")
        + table(HEAD, [row(id, one) for id, one in sorted(seen.items(), key=lambda each: each[1].number)])
    )


def row(id: str, one: Seen) -> list[object]:
    """A launch in short."""
    truth, words = one.made.truth, {aspect: said[0] for aspect, said in one.words}
    told = judge.said(one.found, "decision") if one.found else one.why
    where = link(f"/pages/{id}", one.name)
    holds = ", ".join(truth.holds) or "no risk"
    return [
        where, truth.decision, holds, told or "nothing", words.get("figures", ""), words.get("offer", ""),
        ended(one, "bad"), ended(one, "fine"),
    ]  # fmt: skip


def ended(one: Seen, kind: str) -> str:
    """How a rollout ended."""
    minute, fired = one.ended.get(kind, (0, []))
    what = f"{one.way}: " if kind == "bad" else ""
    stopped = f"stopped at {minute}: {', '.join(fired)}" if minute else "ran through"
    return f"{what}{stopped}" if one.ended else "not played"


def launch(one: Seen) -> Html:
    """One launch."""
    truth = one.made.truth
    least, most = truth.corridor
    step = (
        f"A first step: share times hours from {least:.3g} to {most:.3g}, in 1 to {truth.most_hours:g} hours, "
        f"and a share of at most {truth.most_share:.3g}."
    )
    told = [[aspect, word, note] for aspect, (word, note) in one.words]
    return Html(
        heading(f"{one.name}: {truth.decision}, for {', '.join(truth.holds) or 'no risk'}")
        + table(["about", "word", "why"], told)
        + (claims(one.found, judge.names(truth), truths(truth)) if one.found else Html())
        + table(["the offer"], [[step]])
        + heading("The review")
        + text(one.document or f"No document: {one.why}")
    )


def truths(truth: Truth) -> dict[str, str]:
    """What is true, by name of the claim."""
    found = {name: value if isinstance(value, str) else f"{value:.5g}" for name, value in truth.figures.items()}
    found |= {f"go-when-{risk}": f"{truth.go_when[risk]:.5g}" for risk in truth.holds}
    return found | {f"risk-{risk}": "true" for risk in truth.holds} | {"decision": truth.decision}
