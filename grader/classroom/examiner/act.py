"""Doing what was decided. Everything may be done twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from grader.classroom.cluster import store
from grader.classroom.cluster.model import Submission
from grader.classroom.cluster.names import teacher_namespace
from grader.classroom.examiner import exams, pods, results
from grader.classroom.examiner.decide import Action, Begin, Clean, Give, Publish, Settle, Steps, Sweep
from grader.classroom.examiner.pods import Setting
from infra.errors import InfraError
from infra.k8s import cluster, sweep
from infra.k8s.policies import Manifest

TOGETHER = 6
BACKGROUND = [("propagationPolicy", "Background")]
REFUSALS = (400, 403, 413, 422)


class Hands:
    """Acts in one cluster for one workshop."""

    def __init__(self, context: str, setting: Setting, say: Callable[[str], None]) -> None:
        """`say` is told a line about everything that was done or could not be."""
        self._context, self._setting, self._say = context, setting, say

    def do_all(self, plan: Sequence[Steps]) -> None:
        """Do everything; what fails waits for the next look, with all that was to follow it."""
        with ThreadPoolExecutor(max_workers=TOGETHER) as pool:
            list(pool.map(self._do, plan))

    def _do(self, steps: Steps) -> None:
        for action in steps:
            try:
                self.do(action)
            except InfraError as error:
                self._say(f"not done: {error}")
                return
            if line := tell(action):
                self._say(line)

    def do(self, action: Action) -> None:
        """Do one thing.

        Raises:
            PlatformBroken: the cluster is away or refused.
        """
        match action:
            case Begin(submission):
                with cluster.talking(f"beginning an exam for {submission.name}"):
                    self._make(pods.job(submission, self._setting))
            case Settle(submission):
                store.settle(self._context, submission)
            case Publish(submission):
                with cluster.talking(f"putting the result beside {submission.name}"):
                    self._publish(submission)
            case Clean(exam):
                with cluster.talking(f"removing {exam}"):
                    self._clean(exam)
            case Give(desk, hints):
                store.give_hints(self._context, desk, hints)
            case Sweep(space):
                sweep.remove_namespace(self._context, space.name, wait=False)

    def _make(self, manifest: Manifest) -> None:
        """One that is there is as good."""
        try:
            cluster.create(self._context, manifest)
        except Exception as error:
            if cluster.status_of(error) != cluster.CONFLICT:
                raise

    def _publish(self, submission: Submission) -> None:
        """A result that the cluster will not keep (a quota, its size) must not hold up the verdict. Only we may make
        ConfigMaps there: one that is there is the same."""
        found = results.fetch(self._context, self._setting.workshop, exams.of(submission))
        if found is None:
            return
        try:
            self._make(results.beside(submission, self._setting.workshop, found))
        except Exception as error:
            if cluster.status_of(error) not in REFUSALS:
                raise
            self._say(f"{submission.namespace}/{submission.name}: its result cannot be kept: {cluster.said(error)}")

    def _clean(self, exam: str) -> None:
        space = teacher_namespace(self._setting.workshop)
        job = f"/apis/batch/v1/namespaces/{space}/jobs/{exam}"
        for path, query in ((job, BACKGROUND), (results.place(self._setting.workshop, exam), ())):
            try:
                cluster.call(self._context, "DELETE", path, query=query)
            except Exception as error:
                if cluster.status_of(error) != cluster.GONE:
                    raise


def tell(action: Action) -> str:
    """A line for the log about something that was done; empty for places in the queue, which change all the time."""
    match action:
        case Begin(one):
            return f"{one.namespace}/{one.name}: exam {one.tries} begins"
        case Settle(one) if one.verdict:
            return f"{one.namespace}/{one.name}: {one.word} (exam {one.tries})"
        case Settle(one) if one.tries and not one.started:
            why = "; ".join(one.reasons)
            return f"{one.namespace}/{one.name}: waits again, exam {one.tries} came to nothing: {why}"
        case Clean(exam):
            return f"{exam}: removed"
        case Give(desk, hints):
            return f"{desk.namespace}/{desk.lab}: {len(hints)} hints given out"
        case Sweep(space):
            return f"{space.name}: removed, since {space.exam} is over"
    return ""
