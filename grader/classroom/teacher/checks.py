"""Everything that can be known to go wrong, before a workshop is made."""

from __future__ import annotations

from grader.classroom.cluster import objects, rights
from grader.classroom.cluster.names import DESKS, GROUP, PLACE, SUBMISSIONS, TEACHER, WORKSHOP, teacher_namespace
from grader.classroom.planning.plan import Plan
from grader.classroom.teacher import examining
from grader.course import catalog, systems
from grader.errors import BadInput
from infra.errors import SystemRefused
from infra.k8s import check
from infra.k8s.post import POST_IMAGE
from infra.runtime import runtime

KINDS, RBAC = "apiextensions.k8s.io", "rbac.authorization.k8s.io"
NEEDED: tuple[check.Right, ...] = (
    *check.NEEDED,
    ("", "namespaces", "get patch"),
    ("", "configmaps", "get list patch"),
    ("", "secrets", "get list patch"),
    ("", "serviceaccounts", "patch"),
    ("", "serviceaccounts/token", "create"),
    ("", "resourcequotas", "patch"),
    ("", "resourcequotas", "delete"),
    ("apps", "deployments", "create patch"),
    ("networking.k8s.io", "networkpolicies", "patch"),
    (RBAC, "roles", "create patch"),
    (RBAC, "rolebindings", "create patch"),
    (RBAC, "clusterroles", "create patch delete"),
    (RBAC, "clusterrolebindings", "create patch delete"),
    (KINDS, "customresourcedefinitions", "create delete"),
    (GROUP, DESKS, "create get list patch"),
    (GROUP, SUBMISSIONS, "get list"),
)


def needed() -> tuple[check.Right, ...]:
    """All rights that a teacher needs, each once: to make a workshop, and those that are given to others, since nobody
    can give what they have not."""
    given = [*rights.at_the_desk(), *rights.in_the_system(), *examining.rules()]
    of_others = [
        (group, kind, " ".join(rule["verbs"]))
        for rule in given
        for group in rule["apiGroups"]
        for kind in rule["resources"]
    ]
    every = [(group, kind, verb) for group, kind, verbs in (*NEEDED, *of_others) for verb in verbs.split()]
    return tuple(dict.fromkeys(every))


def cluster_is_fit(context: str, plan: Plan) -> None:
    """The cluster answers, is new enough, gives the rights, has the images, and runs these labs.

    Raises:
        RuntimeUnavailable: it does not; says which rights or images, and what to do.
        SystemRefused: the runtime cannot run one of the labs.
    """
    check.check(context, needed())
    names = {POST_IMAGE, examining.IMAGE}
    place = runtime("k8s")
    for lab_id in plan.labs:
        system = systems.system(catalog.find_lab(lab_id))
        if reason := place.refusal(system):
            raise SystemRefused(f"lab {lab_id} cannot run in a cluster: {reason}")
        names |= system.images
    check.images(context, names)


def name_is_free(context: str, workshop: str) -> bool:
    """Whether the workshop is new; False if it is there, to be gone on with. Wrap in `cluster.talking`.

    Raises:
        BadInput: the name belongs to something else, or the workshop is just being removed.
    """
    name = teacher_namespace(workshop)
    there = objects.find(context, f"/api/v1/namespaces/{name}")
    if there is None:
        return True
    labels = there["metadata"].get("labels", {})
    if labels.get(WORKSHOP) != workshop or labels.get(PLACE) != TEACHER:
        raise BadInput(f"the name {workshop!r} is taken: the cluster has a namespace {name} that is no workshop's")
    if objects.ending(there):
        raise BadInput(f"the workshop {workshop} is just being removed: wait for `lab workshop stop {workshop}` to end")
    return False


def continues(old: Plan, new: Plan) -> None:
    """A workshop that is there may get more people, labs and time; nobody is removed by editing a file.

    Raises:
        BadInput: somebody, or a lab, is missing in the new plan.
    """
    here = {person.id for person in new.people}
    gone = [person.id for person in old.people if person.id not in here]
    gone += [f"lab {lab}" for lab in old.labs if lab not in new.labs]
    if gone:
        raise BadInput(
            f"the workshop {old.workshop} is there already, with {', '.join(gone)}, which the file does not have: "
            f"choose another name, or end that one with `lab workshop stop {old.workshop}`"
        )
