"""From a tray to decisions: read, evaluate, and decide by what the runbook says comes first."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, field
from typing import Any

from asks import Ask, asks
from package import Package, read_package
from papers import Papers, read_papers
from read import Unfit
from steps import Evidence, evaluate

log = logging.getLogger("validate")


@dataclass(frozen=True)
class Decision:
    """`evidence`: what every step found, for whoever wants to check."""

    decision: str
    why: str
    step: int | None = None
    figure: float | None = None
    bound: float | None = None
    reason: str | None = None
    evidence: list[Evidence] = field(default_factory=list)


def validate(tray: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A decision for each package, whatever the others are."""
    papers = read_papers(tray)
    return {each["id"]: asdict(decide(each, papers)) for each in tray["packages"]}


def decide(sent: dict[str, Any], papers: Papers) -> Decision:
    """One package; what goes wrong in it stays in it."""
    try:
        package = read_package(sent["files"])
    except Unfit as unfit:
        return Decision("refuse", str(unfit), step=1)
    except Exception:
        log.exception("reading %r", sent["id"])
        return Decision("refuse", "the package cannot be read: send the six files anew", step=1)
    try:
        return rule(package, papers)
    except Exception:  # a fault of ours, or a model that the steps do not fit: a person looks
        log.exception("evaluating %r", sent["id"])
        return Decision("ask", "the validator could not evaluate this model: do the steps by hand", reason="kind")


def rule(package: Package, papers: Papers) -> Decision:
    """The runbook's precedence. Step 1 is passed, or there would be no package."""
    evidence = evaluate(package, papers)
    found = list(asks(package, papers, evidence))
    if found:
        return asked(found, evidence)
    failed = [each for each in evidence if not each.passed]
    if failed:
        first = failed[0]
        later = ", ".join(str(each.step) for each in failed[1:])
        why = f"step {first.step}: {first.why}" + (f" (it fails later too, at step {later})" if later else "")
        return Decision("refuse", why, first.step, first.figure, first.bound, evidence=evidence)
    return Decision("approve", "it passes all twelve steps", evidence=evidence)


def asked(found: list[Ask], evidence: list[Evidence]) -> Decision:
    first = found[0]
    why = "the committee decides: " + "; ".join(each.why for each in found)
    return Decision("ask", why, step=first.step, reason=first.word, evidence=evidence)
