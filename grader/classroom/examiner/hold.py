"""`python -m grader.classroom.examiner.hold WORKSHOP NAMESPACE NAME UID TRY`: one exam, in a pod of its own.

It says what came out in one object, once, when all that it made is gone. A pod that ends without has said nothing, and
the examiner lets another try.
"""

from __future__ import annotations

import secrets
import signal
import sys
import tempfile
import time
from pathlib import Path

from grader.classroom.cluster import store
from grader.classroom.cluster.model import Submission
from grader.classroom.examiner import exams, inside, results
from grader.classroom.examiner.exams import Outcome
from grader.classroom.examiner.memory import Most
from grader.classroom.examiner.unpack import unpack
from grader.course import catalog
from grader.course.spec import Scenario
from grader.errors import BadInput, GraderError
from grader.intake.submission import Submission as Staged
from grader.result import named
from infra.errors import InfraError, PlatformBroken
from infra.k8s import cluster
from infra.k8s.policies import Manifest

SAY_S, AGAIN_S = 120.0, 2.0
"""How long an exam tries to say what came out while the cluster is away."""


def main() -> int:
    """Exit code 0 when it has said what came out, or nobody asks any more; 1 when it could not."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    workshop, namespace, name, uid, number = sys.argv[1:]
    try:
        context = inside.enter()
        submission = store.submission(context, namespace, name)
        if submission.uid == uid:
            with tempfile.TemporaryDirectory(prefix="exam-", dir=Path.cwd()) as folder:
                outcome, out = examine(submission, Path(folder))
                word = named(outcome.verdict, outcome.close)
                print(f"{word} after {outcome.duration_s:.1f} s, {outcome.memory_bytes >> 20} MiB", flush=True)
                say(context, results.said(workshop, exams.name(uid, int(number)), outcome, results.kept(out)))
    except (GraderError, InfraError) as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    return 0


def examine(submission: Submission, scratch: Path) -> tuple[Outcome, Path | None]:
    """Hold the exam.

    What is wrong with the submission is a fail, in one sentence; what is wrong with us is invalid.

    Args:
        scratch: an empty folder.

    Returns:
        What came out, and the run folder if there was a run.
    """
    try:
        scenario = catalog.find_scenario(catalog.find_lab(submission.lab))
        staged = _staged(scenario, submission.archive, scratch)
    except BadInput as error:
        return Outcome("invalid", (f"The exam of {submission.lab} cannot be held: {error}.",)), None
    if isinstance(staged, str):
        return Outcome("fail", (staged,)), None
    return _run(scenario, staged, scratch / "run")


def _staged(scenario: Scenario, archive: str, scratch: Path) -> Staged | str:
    """The submission, or a sentence about why it cannot be examined."""
    from grader.chaos.allowed import read_drill

    try:
        staged = unpack(scenario.lab, archive, scratch)
        if scenario.lab.spec.drill is not None and any(trial.drill for trial in scenario.spec.trials):
            read_drill(staged.path, scenario.lab.spec.drill)
    except BadInput as error:
        return f"It was not examined: {_bare(str(error), scratch)}."
    return staged


def _bare(text: str, scratch: Path) -> str:
    """A sentence without the folders that only this pod has."""
    for folder in (scratch / "whole", scratch / "stage", scratch):
        text = text.replace(f"{folder}/", "")
    return text


def _run(scenario: Scenario, staged: Staged, out: Path) -> tuple[Outcome, Path | None]:
    from grader.exam import Ends, grade
    from infra.runtime import runtime

    most = Most()
    try:
        seed, ends = secrets.randbelow(2**31), Ends.OBJECTIVES
        result = grade(scenario, staged, runtime("k8s"), seed=seed, out=out, on_progress=most.look, ends=ends)
    except (GraderError, InfraError) as error:
        return Outcome("invalid", (f"The exam could not be held: {error}.",), again=True), None
    most.look()
    return results.outcome(result, most.bytes), out


def say(context: str, what: Manifest) -> None:
    """Make the object that says what came out; one that is there has been said.

    Raises:
        PlatformBroken: the cluster was away for long, or refused.
    """
    give_up = time.monotonic() + SAY_S
    while True:
        try:
            with cluster.talking("saying what came out"):
                _create(context, what)
            return
        except PlatformBroken:
            if time.monotonic() > give_up:
                raise
            time.sleep(AGAIN_S)


def _create(context: str, what: Manifest) -> None:
    try:
        cluster.create(context, what)
    except Exception as error:
        if cluster.status_of(error) != cluster.CONFLICT:
            raise


if __name__ == "__main__":
    sys.exit(main())
