"""The audit of one lab, from its folders and a recorded pass: no exam is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.authoring.audit import accepted as accepted_
from grader.authoring.audit import brief as brief_
from grader.authoring.audit import recording as recording_
from grader.authoring.audit.draws import Drawn, exams
from grader.authoring.audit.findings import Allowance, Finding, Report, in_order
from grader.authoring.audit.kinds import kinds_given_up, rates
from grader.authoring.audit.last_look import last_looks, looks
from grader.authoring.audit.power import weak
from grader.authoring.audit.recording import Recording
from grader.authoring.audit.runs import everyday_tells
from grader.authoring.audit.sacrifice import sacrifices
from grader.authoring.audit.shares import shares
from grader.authoring.audit.strata import facts
from grader.authoring.audit.tells import tells
from grader.authoring.audit.times import fixed_times
from grader.course.spec import Scenario

_UNKNOWN = Finding(
    "sacrifice/unknown",
    f"There is no {recording_.NAME}, so what could be given up is not known. `lab audit ID --record` makes one.",
    figure=1.0,
)

DRAWS, PLANS, WHOLE = 24, 16, 3
"""So many exams are drawn; of those with plans, so many; of those without, so many with all their requests."""


def audit(scenario: Scenario, recorded: Recording | None, digest: str = "") -> Report:
    """What the exam of a lab could not see.

    Args:
        scenario: the exam.
        recorded: a passed exam of its reference; without one, nothing is said of what could be given up.
        digest: the lab's now; a recording of another one is as good as long as it is still passed, and is noted.

    Raises:
        BadInput: audit.yaml or the recording is malformed, or scikit-learn is not there.
        ScenarioBroken: the scenario's load.py fails.
    """
    brief = scenario.lab.contract
    known = accepted_.load(scenario, brief)
    drawn = exams(scenario, DRAWS)
    if any(one.cases for one in drawn[:1]):
        drawn = [one for one in drawn if one.exam < PLANS]
    findings: list[Finding] = []
    notes: list[str] = []
    allowances = _given_up(scenario, recorded, brief, drawn, findings, notes)
    if any(one.cases and not any(True for case in one.cases for _ in facts(case)) for one in drawn[:1]):
        notes.append("the plan says nothing of a case but its id: what the world draws inside is not looked at")
    findings += tells(scenario, drawn)
    findings += fixed_times(scenario)
    findings += last_looks(scenario, brief, drawn)
    if not drawn[0].of_ours and not drawn[0].cases:
        findings += everyday_tells(scenario)
    findings += brief_.unseen(scenario, brief, [sentence.says for sentence in known.seen])
    if recorded is not None and digest and recorded.lab != digest:
        notes.append("the recorded pass may be of an earlier state of the lab; `--record` holds one exam and keeps it")
    told, unused = accepted_.explained(in_order(findings), known)
    notes += [f"{accepted_.NAME}: {key} is found no more; remove it" for key in unused]
    return Report(scenario.lab.id, tuple(told), tuple(allowances), looks(scenario, drawn), tuple(notes))


def _given_up(
    scenario: Scenario,
    recorded: Recording | None,
    brief: str,
    drawn: Sequence[Drawn],
    findings: list[Finding],
    notes: list[str],
) -> Sequence[Allowance]:
    if recorded is None:
        findings.append(_UNKNOWN)
        return ()
    held = [Drawn(scenario, 0, trial.kind, 0, trial.parameters) for trial in recorded.trials]
    cases = [str(case["id"]) for one in held for case in one.cases]
    found = sacrifices(scenario, recorded, planned=cases, of_ours=held[0].of_ours)
    findings += found.findings
    notes += found.notes
    if found.notes:
        findings.append(
            replace(_UNKNOWN, says="The recorded pass no longer passes; `lab audit ID --record` makes another.")
        )
        return found.allowances
    findings += weak(scenario.spec, {slo.id: slo.target for slo in scenario.slos.values()}, found.cases)
    findings += shares(scenario, brief, found.allowances)
    if not any(one.cases for one in drawn):
        drawn = [one for one in drawn if one.exam < WHOLE]
    findings += kinds_given_up(scenario, drawn, rates(scenario, held, found.counts))
    return found.allowances
