"""Names and labels that all parts of a workshop agree on. Pure."""

from __future__ import annotations

import re

from infra.k8s.names import PREFIX

GROUP, VERSION = "lab.brownout", "v1"
DESKS, SUBMISSIONS = "desks", "submissions"
WORKSHOP, PARTICIPANT, PLACE = PREFIX + "workshop", PREFIX + "participant", PREFIX + "place"
TEACHER, DESK = "teacher", "desk"
"""Values of the label `PLACE`: the teacher's namespace, and a participant's."""

NICKNAME, FULL_NAME = PREFIX + "nickname", PREFIX + "name"
"""Annotations of a participant's namespace. A participant cannot write to their namespace object."""

EXAMINER, PARTICIPANT_ACCOUNT = "examiner", "participant"
"""Service accounts: of the examiner in the teacher's namespace, and of the person in their own. The examiner's
Deployment is called so too, and the ConfigMap beside it in which it says how it is (`examiner/notice.py`)."""

COURSE = "course"
"""ConfigMaps `course-0` and on of the teacher's namespace: labs, scenarios and engine, an archive in parts."""

EXAM = PREFIX + "exam"
"""Label of an exam's job and of the namespaces that it makes: the job's name."""

ID = re.compile(r"[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?")
"""Ids of workshops and of participants: 1 to 20 of a-z, 0-9 and -, beginning and ending with a letter or digit."""


def teacher_namespace(workshop: str) -> str:
    """Where the examiner, its jobs and the course are."""
    return f"ws-{workshop}"


def desk_namespace(workshop: str, participant: str) -> str:
    """Where a participant's desks, submissions and results are. It has no pods: labs run in namespaces of their own."""
    return f"ws-{workshop}--{participant}"


def cluster_role(workshop: str) -> str:
    """The cluster role and its binding, of the examiner."""
    return f"brownout-{workshop}-examiner"


def record_secret(participant: str, lab: str) -> str:
    """Secret in the teacher's namespace with the record (`infra.k8s.state.Record`, JSON under `record`) of the system
    that runs for a participant."""
    return f"record.{participant}.{lab}"


def result_map(submission: str) -> str:
    """ConfigMap beside a submission with `result.json` (text), `report.html.gz` and `logs.tar.gz` (binary)."""
    return f"result-{submission}"
