"""Puts the findings of all auditors into one plan."""

import compute
import idle
import network
import storage
import training

AUDITORS = (compute, training, storage, network, idle)


def plan(fleet):
    """A finding is a list of actions, and what the bill of next month is lower with all of them, in USD."""
    findings = [finding for auditor in AUDITORS for finding in auditor.findings(fleet)]
    return {
        "actions": [action for actions, _ in findings for action in actions],
        "saving_usd": round(sum(saving for _, saving in findings), 2),
    }
