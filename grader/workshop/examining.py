"""The seam to the examiner: all of it that the teacher's `create` makes."""

from __future__ import annotations

import os

from grader.workshop import course, objects
from grader.workshop.examiner import manifests
from grader.workshop.plan import Plan
from infra.k8s import check, cluster

IMAGE = manifests.IMAGE
"""Of infra/images."""

AUTO = 0


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
    with cluster.talking("starting the examiner"):
        objects.apply_all(context, manifests.manifests(plan.workshop, image, archive, settings))
