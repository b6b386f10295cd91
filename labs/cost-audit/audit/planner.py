"""Puts the findings of all auditors into one plan."""

import commitments
import idle
import network
import rightsizing
import storage
import training

AUDITORS = (commitments, rightsizing, training, storage, network, idle)


def plan(fleet):
    """Every finding is an action and what it saves a month, in USD."""
    findings = [finding for auditor in AUDITORS for finding in auditor.findings(fleet)]
    return {
        "actions": [action for action, _ in findings],
        "saving_usd": round(sum(saving for _, saving in findings), 2),
    }
