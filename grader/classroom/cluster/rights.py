"""What a participant may do in the cluster, as rules of two Roles. Pure.

A port-forward over a websocket is a GET to the API server up to Kubernetes 1.34, and also a `create` from 1.35 on: a
role with `create` alone is refused (seen on 1.34).
"""

from __future__ import annotations

from typing import Any

from grader.classroom.cluster.names import DESKS, GROUP, SUBMISSIONS

Rule = dict[str, Any]


def at_the_desk() -> list[Rule]:
    """Rules of the Role in a participant's namespace."""
    return [
        _rule(GROUP, DESKS, "get list watch patch"),
        _rule(GROUP, SUBMISSIONS, "get list watch create"),
        _rule("", "configmaps", "get list"),
    ]


def in_the_system() -> list[Rule]:
    """Rules of the Role in the namespace of each system that runs for them."""
    return [
        _rule("", "pods", "get list"),
        _rule("", "pods/log", "get"),
        _rule("", "pods/portforward", "get create"),
    ]


def _rule(group: str, resource: str, verbs: str) -> Rule:
    return {"apiGroups": [group], "resources": [resource], "verbs": verbs.split()}
