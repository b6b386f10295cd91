"""A steady share: what an objective forgives for ever although its promise names no share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from grader.authoring.audit.findings import Allowance, Finding, percent
from grader.course.spec import Scenario

_SHARE = re.compile(r"\d\s*%|per cent|\bhalf\b", re.IGNORECASE)


def shares(scenario: Scenario, brief: str, allowances: Sequence[Allowance]) -> Iterator[Finding]:
    """Objectives that forgive a share which neither their description nor the brief's line about them names: an end
    state ("a bad release has none") allows none."""
    for one in allowances:
        if one.forgiven <= 0 or not is_end_state(scenario, brief, one.objective):
            continue
        promise = scenario.slos[one.objective].spec.description
        yield Finding(
            f"sacrifice/{one.objective}/share",
            f"`{one.objective}` names no share: {promise.rstrip('.')}. It forgives {one.forgiven} of {one.events} "
            f"events ({percent(one.share)}) for ever.",
            one.objective,
            scenario.spec.objectives[one.objective].trials,
            figure=one.share,
        )


def is_end_state(scenario: Scenario, brief: str, objective: str) -> bool:
    """Whether neither an objective's description nor the brief's line about it names a share."""
    promise = scenario.slos[objective].spec.description
    return not any(_SHARE.search(text) for text in (promise, *lines_about(brief, objective)))


def lines_about(brief: str, objective: str) -> list[str]:
    """Lines of the brief that name an objective in backticks."""
    return [line for line in brief.splitlines() if f"`{objective}`" in line]
