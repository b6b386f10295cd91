"""When to stop and ask: a function for each word of the runbook. Each gives an empty text, or why a person decides."""

from __future__ import annotations

from datetime import date

from package import Package
from steps import Finding, Papers, Step

FEWEST_ROWS = 200
CLOSE = 0.02


def kind(package: Package, papers: Papers) -> str:
    if package.kind == "logistic":
        return ""
    return f"the model is of the kind {package.kind!r:.60}, and the steps are written for logistic ones"


def contradiction(package: Package, papers: Papers) -> str:
    """Two documents say different things. The order of inputs says nothing, and neither do the card's figures."""
    pairs = (
        ("portfolio", "manifest", package.portfolio, "card", package.card_portfolio),
        ("inputs", "model", sorted(package.inputs), "card", sorted(package.card_inputs)),
        ("training window", "model", " to ".join(map(str, package.trained)), "card", " to ".join(map(str, package.card_trained))),
        ("author", "signatures", package.author.who, "card", package.card_author),
    )
    for what, one, here, other, there in pairs:
        if here != there:
            return f"the {what} is {here} in the {one} and {there} in the {other}"
    return ""


def rows(package: Package, papers: Papers) -> str:
    count = len(package.labels)
    return f"the holdout has {count} rows, fewer than {FEWEST_ROWS}" if count < FEWEST_ROWS else ""


def segment(package: Package, papers: Papers) -> str:
    unknown = sorted(set(package.segments) - set(papers["registry"]["segments"]))
    return f"the registry does not know the segment {unknown[0]!r:.60}" if unknown else ""


# These need the documents only, and come before the steps, some of which mean nothing without them.
OF_DOCUMENTS = {"kind": kind, "contradiction": contradiction, "rows": rows, "segment": segment}


def close(findings: list[tuple[Step, Finding]]) -> str:
    """A figure lies within 2 % of its bound, on either side."""
    for step, found in findings:
        if not step.may_be_close or found.figure is None or found.bound is None:
            continue
        if abs(found.figure - found.bound) <= CLOSE * abs(found.bound):
            return f"step {step.number}, {step.name}: {found.figure:.4g} lies within 2 % of the bound, {found.bound:.4g}"
    return ""


def waiver(package: Package, papers: Papers, failed: Step, found: Finding) -> str:
    """The first step that it fails has a waiver for this model, and the tray's day is in it."""
    today = date.fromisoformat(papers["day"])
    for each in papers["waivers"]:
        first, last = date.fromisoformat(each["from"]), date.fromisoformat(each["until"])
        if each["model"] == package.model and each["step"] == failed.number and first <= today <= last:
            return f"step {failed.number}, {failed.name}, is failed ({found.why}), and waived from {first} until {last}"
    return ""
