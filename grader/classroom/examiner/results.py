"""What an exam leaves in the cluster: in the teacher's namespace as it says it, then beside its submission."""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.classroom.cluster.model import Objective, Submission
from grader.classroom.cluster.names import EXAM, WORKSHOP, result_map, teacher_namespace
from grader.classroom.examiner import exams
from grader.classroom.examiner.exams import OUTCOME, Outcome
from grader.report.summary import is_close
from grader.result import Result, Verdict
from infra.k8s import cluster
from infra.k8s.policies import Manifest

MOST_BYTES = 900_000
"""Of all that an object of the cluster holds (a MiB), with room for names."""

RESULT, REPORT, LOGS, LEFT_OUT = "result.json", "report.html.gz", "logs.tar.gz", "left-out.txt"
MOST_REASONS, MOST_REASON, MOST_TITLE = 20, 1000, 400
ON_THE_SUBMISSION = frozenset({"undecided", "no-evidence", "objective-missed", "not-started", "service-ended"})
"""Codes of `grader.judge.evidence.REASONS` that another try on a calmer cluster would not change."""


def _again(result: Result) -> bool:
    """Whether a calmer cluster may tell what this one could not; what a person should look at is not graded again."""
    codes = {reason.code for reason in result.reasons}
    return result.verdict is Verdict.INVALID and "suspect" not in codes and bool(codes - ON_THE_SUBMISSION)


def outcome(result: Result, memory_bytes: int) -> Outcome:
    """What a result comes to for whoever submitted."""
    return Outcome(
        verdict=result.verdict.value,
        reasons=tuple(reason.message[:MOST_REASON] for reason in result.reasons[:MOST_REASONS]),
        objectives=tuple(
            Objective(o.id, o.title[:MOST_TITLE], o.verdict.value, is_close(o, result)) for o in result.objectives
        ),
        duration_s=result.duration_s,
        seed=result.seed,
        again=_again(result),
        memory_bytes=memory_bytes,
        close=result.close,
    )


def kept(out: Path | None) -> dict[str, bytes]:
    """The files of a run folder that go into the cluster: as many as it takes, the result first, then the report, then
    the logs; `LEFT_OUT` tells which did not fit. Nothing without a folder."""
    if out is None:
        return {}
    found: dict[str, bytes] = {RESULT: (out / RESULT).read_bytes()}
    left = []
    for name, data in ((REPORT, gzip.compress((out / "report.html").read_bytes(), 9, mtime=0)), (LOGS, _logs(out))):
        if sum(map(len, found.values())) + len(data) <= MOST_BYTES:
            found[name] = data
        else:
            left.append(f"{name} is left out: it takes {len(data) >> 10} KiB, and an object of the cluster holds less")
    return {**found, **({LEFT_OUT: "\n".join(left).encode()} if left else {})}


def _logs(out: Path) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        if (out / "logs").is_dir():
            archive.add(out / "logs", "logs")
    return packed.getvalue()


def said(workshop: str, exam: str, what: Outcome, left: Mapping[str, bytes]) -> Manifest:
    """The object in which an exam says what came out; nobody can change it."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "immutable": True,
        "metadata": {
            "name": exam,
            "namespace": teacher_namespace(workshop),
            "labels": {WORKSHOP: workshop, EXAM: exam},
        },
        "data": {OUTCOME: exams.write(what)},
        "binaryData": {name: base64.b64encode(data).decode() for name, data in left.items()},
    }


def beside(one: Submission, workshop: str, found: Mapping[str, Any]) -> Manifest:
    """The same for its participant, from the object of `said`."""
    packed = dict(found.get("binaryData") or {})
    texts = {name: base64.b64decode(packed.pop(name)).decode() for name in (RESULT, LEFT_OUT) if name in packed}
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": result_map(one.name),
            "namespace": one.namespace,
            "labels": {WORKSHOP: workshop, EXAM: exams.of(one)},
        },
        "data": texts,
        "binaryData": packed,
    }


def outcome_of(context: str, workshop: str, exam: str) -> Outcome | None:
    """What an exam said, None if it has not yet. Wrap in `cluster.talking`."""
    found = fetch(context, workshop, exam)
    return None if found is None else exams.read(found["data"][OUTCOME])


def fetch(context: str, workshop: str, exam: str) -> dict[str, Any] | None:
    """The object of `said`, None if there is none. Wrap in `cluster.talking`."""
    try:
        return cluster.call(context, "GET", place(workshop, exam))
    except Exception as error:
        if cluster.status_of(error) != cluster.GONE:
            raise
    return None


def place(workshop: str, exam: str) -> str:
    """Path of the object of `said`."""
    return f"/api/v1/namespaces/{teacher_namespace(workshop)}/configmaps/{exam}"
