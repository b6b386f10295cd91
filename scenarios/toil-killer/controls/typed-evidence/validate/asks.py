"""When to stop and ask: the runbook's six words, each with what the committee has to know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from package import Package
from papers import Papers
from read import shown
from steps import Evidence, brief

FEWEST = 200  # rows of a holdout


@dataclass(frozen=True)
class Ask:
    word: str
    why: str
    step: int | None = None


def asks(package: Package, papers: Papers, evidence: list[Evidence]) -> Iterator[Ask]:
    """All reasons to ask, the most fundamental first."""
    if package.model.kind != "logistic":
        yield Ask("kind", f"the model is of kind '{shown(package.model.kind)}', and the steps are for logistic ones")
    for what in contradictions(package):
        yield Ask("contradiction", what)
    rows = len(package.holdout.labels)
    if rows < FEWEST:
        yield Ask("rows", f"the holdout has {rows} rows, and {FEWEST} are needed")
    for name in sorted(set(package.holdout.segments) - papers.segments):
        yield Ask("segment", f"the holdout has rows of segment '{shown(name)}', which the registry does not know")
    for each in evidence:
        if each.close and each.figure is not None and each.bound is not None:
            why = f"the figure of step {each.step} is {brief(each.figure)}, within 2 % of its bound {brief(each.bound)}"
            yield Ask("close", why, each.step)
    yield from waived(package, papers, evidence)


def waived(package: Package, papers: Papers, evidence: list[Evidence]) -> Iterator[Ask]:
    """A waiver counts for the first step that is failed, for this model, and on the tray's day."""
    first = next((each for each in evidence if not each.passed), None)
    for each in papers.waivers if first else ():
        if first and (each.of, each.step) == (package.manifest.model, first.step) and each.holds(papers.day):
            yield Ask("waiver", f"step {first.step} has a waiver until {each.last}; without it: {first.why}", first.step)


def contradictions(package: Package) -> Iterator[str]:
    manifest, card, model = package.manifest, package.card, package.model
    if manifest.portfolio != card.portfolio:
        yield f"the portfolio is {shown(manifest.portfolio)} in the manifest and {shown(card.portfolio)} in the card"
    if sorted(card.inputs) != sorted(model.inputs):
        other = sorted(set(card.inputs) ^ set(model.inputs)) or ["one that comes twice"]
        yield f"card and model name other inputs: {', '.join(shown(each) for each in other[:5])}"
    if card.trained != model.trained:
        yield (
            f"training is {card.trained.start} to {card.trained.until} in the card and "
            f"{model.trained.start} to {model.trained.until} in the model"
        )
    if card.author != package.author.who:
        yield f"the author is {shown(card.author)} in the card and {shown(package.author.who)} in the signatures"
