"""Namespaces that exams made, and those that nobody owns any more. They carry the name of their exam."""

from __future__ import annotations

from grader.classroom.cluster.names import EXAM, WORKSHOP, teacher_namespace
from grader.classroom.examiner import exams
from grader.classroom.examiner.decide import Space
from grader.classroom.examiner.exams import Exam, Job
from infra.k8s import cluster


def made(context: str, workshop: str | None = None) -> list[tuple[str, Space]]:
    """Namespaces that the exams of a workshop (of any) made and that are not ending, each with the workshop's id.

    Raises:
        PlatformBroken: the cluster is away or refused.
    """
    wanted = EXAM if workshop is None else f"{EXAM},{WORKSHOP}={workshop}"
    with cluster.talking("looking for namespaces of exams"):
        query = [("labelSelector", wanted)]
        found = cluster.call(context, "GET", "/api/v1/namespaces", query=query)["items"]
    there = [one["metadata"] for one in found if not one["metadata"].get("deletionTimestamp")]
    return [(one["labels"].get(WORKSHOP, ""), Space(one["name"], one["labels"][EXAM])) for one in there]


def held(context: str, workshop: str) -> list[Exam]:
    """All exams of a workshop whose job is there.

    Raises:
        PlatformBroken: the cluster is away or refused.
    """
    with cluster.talking(f"looking for the exams of {workshop}"):
        path = f"/apis/batch/v1/namespaces/{teacher_namespace(workshop)}/jobs"
        jobs = cluster.call(context, "GET", path, query=[("labelSelector", EXAM)])["items"]
    return [exam for job in jobs if (exam := exams.exam(job)) is not None]


def strays(context: str) -> list[Space]:
    """Namespaces of exams of any workshop whose job has ended or is gone, as when a workshop's examiner is.

    Raises:
        PlatformBroken: the cluster is away or refused.
    """
    every = made(context)
    active = {
        exam.name
        for workshop in {workshop for workshop, _ in every if workshop}
        for exam in held(context, workshop)
        if exam.state is Job.ACTIVE
    }
    return [space for _, space in every if space.exam not in active]
