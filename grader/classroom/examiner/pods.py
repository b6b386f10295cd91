"""The pods of the examiner: its own, and one an exam. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.classroom.cluster.model import Submission
from grader.classroom.cluster.names import COURSE, EXAM, EXAMINER, WORKSHOP, teacher_namespace
from grader.classroom.examiner import exams
from infra.k8s import render
from infra.k8s.names import CODE, LABELS
from infra.k8s.policies import Manifest

SCRATCH = "/scratch"
"""Where a pod may write. Its BROWNOUT_HOME is in it, called as the exam: a home names what it makes in the cluster."""

KUBECONFIG, CONTEXT = f"{SCRATCH}/kubeconfig", "inside"
DEADLINE_S = 1200
"""Of an exam; those of our labs take one to three minutes, three times that where everything has to be tried again."""

GRACE_S = 30
"""For an exam that is ended to remove what it made."""


@dataclass(frozen=True)
class Setting:
    """What all pods of the examiner share.

    Attributes:
        image: full tag of `brownout/examiner`.
        parts: how many ConfigMaps the course takes.
        base: environment variable BASE_IMAGE of whoever built the images, or empty; it is part of their tags.
    """

    workshop: str
    image: str
    parts: int
    base: str = ""


def job(one: Submission, setting: Setting) -> Manifest:
    """The job of a submission's `tries`-th exam. The examiner decides whether there is another, not the cluster."""
    name = exams.of(one)
    labels = {WORKSHOP: setting.workshop, EXAM: name}
    who = [setting.workshop, one.namespace, one.name, one.uid, str(one.tries)]
    wish = ",".join(f"{key}={value}" for key, value in labels.items())
    need = {
        "requests": {"cpu": "100m", "memory": "160Mi"},
        "limits": {"cpu": "2000m", "memory": "512Mi"},
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": name,
            "namespace": teacher_namespace(setting.workshop),
            "labels": labels,
            "annotations": {"lab.brownout/submission": f"{one.namespace}/{one.name}", "lab.brownout/lab": one.lab},
        },
        "spec": {
            "backoffLimit": 0,
            "activeDeadlineSeconds": DEADLINE_S,
            "podReplacementPolicy": "Failed",
            "template": {
                "metadata": {"labels": labels},
                "spec": {
                    **pod(setting, name, ["grader.classroom.examiner.hold", *who], need, {LABELS: wish}),
                    "restartPolicy": "Never",
                    "terminationGracePeriodSeconds": GRACE_S,
                },
            },
        },
    }


def pod(
    setting: Setting, home: str, command: Sequence[str], need: Manifest, extra: Mapping[str, str] | None = None
) -> Manifest:
    """A pod that may talk to the API server, and has the course's code where a checkout would have it.

    Args:
        home: name of the folder that is its BROWNOUT_HOME.
        command: module and arguments.
        need: resources.
        extra: environment.
    """
    environment = {**_environment(setting, home), **(extra or {})}
    return {
        **render.closed_pod(EXAMINER),
        "serviceAccountName": EXAMINER,
        "automountServiceAccountToken": True,
        "initContainers": [render.prepare(setting.image, guarded=False)],
        "containers": [
            {
                "name": EXAMINER,
                "image": setting.image,
                "imagePullPolicy": "IfNotPresent",
                "command": ["python", "-P", "-m", *command],
                "workingDir": SCRATCH,
                "env": [{"name": name, "value": value} for name, value in environment.items()],
                "resources": need,
                "securityContext": render.HARDENED,
                "volumeMounts": [
                    render.seen("code", CODE),
                    {"name": "scratch", "mountPath": SCRATCH},
                    {"name": "tmp", "mountPath": "/tmp"},
                ],
            }
        ],
        "volumes": list(_volumes(setting)),
    }


def _environment(setting: Setting, home: str) -> dict[str, str]:
    return {
        "PYTHONPATH": CODE,
        "PYTHONUNBUFFERED": "1",
        "PYTHONPYCACHEPREFIX": f"{SCRATCH}/compiled",
        "MALLOC_ARENA_MAX": "2",  # each thread's own heap costs memory that is not given back
        "BROWNOUT_COURSE": CODE,
        "BROWNOUT_HOME": f"{SCRATCH}/{home}",
        "BROWNOUT_KUBE_CONTEXT": CONTEXT,
        "KUBECONFIG": KUBECONFIG,
        **({"BASE_IMAGE": setting.base} if setting.base else {}),
    }


def _volumes(setting: Setting) -> Iterator[dict[str, Any]]:
    maps = [{"configMap": {"name": f"{COURSE}-{number}"}} for number in range(setting.parts)]
    yield {"name": "bin", "configMap": {"name": "bin"}}
    yield {"name": "parts", "projected": {"sources": maps}}
    yield {"name": "code", "emptyDir": {"sizeLimit": "128Mi"}}
    yield {"name": "scratch", "emptyDir": {"sizeLimit": "1Gi"}}
    yield {"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}}
