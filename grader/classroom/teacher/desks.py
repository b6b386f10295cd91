"""The objects of a workshop's namespaces: the teacher's, and one a participant. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from grader.classroom.cluster import model, rights
from grader.classroom.cluster.names import (
    DESK,
    DESKS,
    FULL_NAME,
    GROUP,
    NICKNAME,
    PARTICIPANT,
    PARTICIPANT_ACCOUNT,
    PLACE,
    SUBMISSIONS,
    TEACHER,
    WORKSHOP,
    desk_namespace,
    teacher_namespace,
)
from grader.classroom.planning.people import Person
from infra.k8s import policies

Manifest = dict[str, Any]
AT_DESK, AT_SYSTEM = "participant", "participant"
"""Names of the Role and RoleBinding in the namespace of the desks, and in that of a system."""

SPARE_MAPS = 8
"""ConfigMaps of a desk's namespace beside the results: the cluster's own certificate is one."""

RBAC = "rbac.authorization.k8s.io"


def teacher(workshop: str) -> Manifest:
    """The teacher's namespace."""
    return _namespace(teacher_namespace(workshop), {WORKSHOP: workshop, PLACE: TEACHER}, {})


def desk(workshop: str, person: Person, labs: Iterable[str], submissions: int) -> list[Manifest]:
    """All that is in the namespace of a participant's desks, the namespace first."""
    space, labs = desk_namespace(workshop, person.id), tuple(labs)
    labels = {WORKSHOP: workshop, PARTICIPANT: person.id, PLACE: DESK}
    return [
        _namespace(space, labels, {FULL_NAME: person.name, NICKNAME: person.nickname}),
        *(
            _placed(one, space)
            for one in (
                quota(len(labs), submissions),
                policies.deny_all(),
                _account(),
                _role(AT_DESK, rights.at_the_desk()),
                _binding(AT_DESK, space),
                *(model.new_desk(space, lab) for lab in labs),
            )
        ),
    ]


def at_system(system_namespace: str, workshop: str, participant: str) -> list[Manifest]:
    """What lets a participant work with the system that runs for them."""
    home = desk_namespace(workshop, participant)
    found = [_role(AT_SYSTEM, rights.in_the_system()), _binding(AT_SYSTEM, home)]
    return [_placed(one, system_namespace) for one in found]


def quota(labs: int, submissions: int) -> Manifest:
    """Room for desks, submissions and results, and for nothing that runs."""
    none = ("pods", "services", "secrets", "persistentvolumeclaims", "deployments.apps", "jobs.batch")
    hard = {
        **{f"count/{kind}": "0" for kind in none},
        f"count/{DESKS}.{GROUP}": str(labs),
        f"count/{SUBMISSIONS}.{GROUP}": str(submissions),
        "count/configmaps": str(submissions + SPARE_MAPS),
    }
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "quota"}, "spec": {"hard": hard}}


def _namespace(name: str, labels: dict[str, str], annotations: dict[str, str]) -> Manifest:
    metadata = {"name": name, "labels": {**policies.restricted(), **labels}, "annotations": annotations}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def _account() -> Manifest:
    metadata = {"name": PARTICIPANT_ACCOUNT}
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": metadata,
        "automountServiceAccountToken": False,
    }


def _role(name: str, rules: list[Manifest]) -> Manifest:
    return {"apiVersion": f"{RBAC}/v1", "kind": "Role", "metadata": {"name": name}, "rules": rules}


def _binding(name: str, home: str) -> Manifest:
    """Gives a Role to the account in the namespace `home`."""
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "RoleBinding",
        "metadata": {"name": name},
        "roleRef": {"apiGroup": RBAC, "kind": "Role", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": PARTICIPANT_ACCOUNT, "namespace": home}],
    }


def _placed(manifest: Manifest, space: str) -> Manifest:
    return {**manifest, "metadata": {**manifest["metadata"], "namespace": space}}
