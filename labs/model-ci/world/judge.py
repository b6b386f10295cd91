"""What a verdict on a bundle is worth."""

from __future__ import annotations

from typing import Any, NamedTuple

from casebook.shapes import fits
from kinds import ASPECTS, Bundle

REASONS = {
    "load": {"load"},
    "slow": {"slow"},
    "memory": {"memory"},
    "quality": {"quality"},
    "leak": {"leak", "quality"},
    "unsteady": {"unsteady", "leak"},
}
"""Each of these is true of a bundle of that kind. What a leak knew is missing where it is blank, so its quality is too
low as well; answers that move by themselves move when columns are blank, too."""
OTHERS, MOST_REASONS, MOST_REPORT = 1, 50, 2_000
FORM = 'the form is {"verdict": "pass" or "reject", "reasons": [text, ...], "score": number or null, "report": text}'


class Verdict(NamedTuple):
    """What the gate handed in. `score` and `report` are for people."""

    rejects: bool
    reasons: frozenset[str] = frozenset()
    score: float | None = None
    report: str = ""


class Outcome(NamedTuple):
    """A bundle whose run is over. `bad` and `why`: the word and a sentence if there is no verdict; `staged`: what
    staging holds of it: `new` or `old`; `been`: whether staging held it at any time."""

    case: Bundle
    verdict: Verdict | None
    staged: str
    bad: str = ""
    why: str = ""
    been: bool = False


def verdict(body: Any) -> Verdict:
    """A verdict as it was handed in.

    Raises:
        ValueError: it is not of the form.
    """
    if not fits(body, {"verdict": {"pass", "reject"}}):
        raise ValueError(FORM)
    reasons, score, report = body.get("reasons", []), body.get("score"), body.get("report", "")
    if not fits(reasons, [str]) or len(reasons) > MOST_REASONS or not fits(score, (float, None)):
        raise ValueError(FORM)
    if not isinstance(report, str):
        raise ValueError(FORM)
    rejects = body["verdict"] == "reject"
    return Verdict(rejects, frozenset(reasons), None if score is None else float(score), report[:MOST_REPORT])


def words(outcome: Outcome) -> dict[str, tuple[str, str]]:
    """The word for each thing that is asked about a bundle, and a note."""
    case, given = outcome.case, outcome.verdict
    what = f"{case['kind']}, {case['way']}"
    if given is None:
        note = f"{what}: {outcome.why}"
        return {aspect: (outcome.bad or "none", note) for aspect in case["asked"]}
    named = ", ".join(sorted(given.reasons)) or "nothing"
    note = f"{what}: {'rejected' if given.rejects else 'passed'}, named {named}; staging holds the {outcome.staged} one"
    if case["kind"] == "fit":
        words = {"lets-through": _let_through(outcome, given), "rolled-back": _put_back(outcome, given)}
        return {aspect: (words[aspect], note) for aspect in case["asked"]}
    stopped = "passed" if not given.rejects else "staged" if outcome.been else "right"
    return {ASPECTS[case["kind"]]: (stopped, note), "explained": (_explained(case, given), note)}


def _let_through(outcome: Outcome, given: Verdict) -> str:
    if given.rejects:
        return "rejected"
    return "right" if outcome.case.get("strict") or outcome.staged == "new" else "not staged"


def _put_back(outcome: Outcome, given: Verdict) -> str:
    if given.rejects:
        return "rejected"
    return "right" if outcome.staged == "old" else "left"


def _explained(case: Bundle, given: Verdict) -> str:
    true = REASONS[case["kind"]]
    if not given.rejects:
        return "passed"
    if not given.reasons & true:
        return "not named"
    return "right" if len(given.reasons - true) <= OTHERS else "too many"
