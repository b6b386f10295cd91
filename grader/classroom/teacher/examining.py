"""The seam to the examiner: all of it that the teacher's `create` makes."""

from __future__ import annotations

import hashlib
import os

from grader.classroom.cluster import objects
from grader.classroom.cluster.objects import Manifest
from grader.classroom.examiner import manifests
from grader.classroom.planning.plan import Plan
from grader.classroom.teacher import course
from infra.k8s import check, cluster
from infra.k8s.names import PREFIX

IMAGE = manifests.IMAGE
"""Of infra/images."""

AUTO = 0
COURSE_HASH = PREFIX + "course"
"""Annotation of the examiner's pod."""


def start(context: str, plan: Plan) -> None:
    """Make the examiner with the course as it is now, or bring it up to date.

    Raises:
        RuntimeUnavailable: its image is not in the cluster; names the command that loads it.
        PlatformBroken: the cluster is away, or refused.
    """
    (image,) = check.images(context, [IMAGE]).values()
    exams = AUTO if plan.exams_at_once == "auto" else int(plan.exams_at_once)
    settings = manifests.Settings(manifests.doors(context), exams, base=os.environ.get("BASE_IMAGE", ""))
    archive = course.for_examiner(plan.labs)
    made = manifests.manifests(plan.workshop, image, archive, settings)
    with cluster.talking("starting the examiner"):
        objects.apply_all(context, (_stamped(one, archive) for one in made))


def rules() -> list[Manifest]:
    """What the examiner may do, which whoever gives it these rights has to have."""
    made = manifests.manifests("w", "", b"", manifests.Settings(()))
    return [rule for one in made for rule in one.get("rules", ())]


def _stamped(manifest: Manifest, archive: bytes) -> Manifest:
    """A Deployment that starts anew when the course has changed; anything else as it is."""
    if manifest["kind"] != "Deployment":
        return manifest
    template = manifest["spec"]["template"]
    notes = {COURSE_HASH: hashlib.sha256(archive).hexdigest()}
    metadata = {**template["metadata"], "annotations": notes}
    return {**manifest, "spec": {**manifest["spec"], "template": {**template, "metadata": metadata}}}
