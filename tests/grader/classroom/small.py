"""A workshop made by hand on a real cluster: namespaces, desks and the examiner, with nobody's system running."""

from __future__ import annotations

import base64
import io
import os
import secrets
import tarfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.classroom.cluster import model, objects, store
from grader.classroom.cluster.model import State, Submission
from grader.classroom.cluster.names import WORKSHOP, cluster_role, desk_namespace, teacher_namespace
from grader.classroom.examiner import manifests
from grader.classroom.planning.people import Person
from grader.classroom.teacher import course, desks
from infra.errors import RuntimeUnavailable
from infra.k8s import check, cluster, sweep

MOST_SUBMISSIONS = 40
RBAC = "/apis/rbac.authorization.k8s.io/v1"


def a_context() -> str:
    """The context that was named; skips the test with the reason where there is none or the images are missing."""
    try:
        named = cluster.context()
        check.check(named)
        check.images(named, ["examiner", "grader", "core"])
    except RuntimeUnavailable as error:
        pytest.skip(str(error))
    return named


class Small:
    """One workshop; `end` removes all of it."""

    def __init__(self, context: str, labs: Sequence[str], people: Sequence[str]) -> None:
        self.context, self.id = context, f"e-{secrets.token_hex(3)}"
        self.people, self.labs = tuple(people), tuple(labs)
        self.space = teacher_namespace(self.id)

    def begin(self, **settings: Any) -> None:
        store.install(self.context)
        self._make(desks.teacher(self.id))
        about = {store.LABS: " ".join(self.labs), store.BEGAN: model.now(), store.ENDS: ""}
        metadata = {"name": "workshop", "namespace": self.space}
        self._make({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": about})
        for person in self.people:
            for one in desks.desk(self.id, Person(person, person, f"nick {person}"), self.labs, MOST_SUBMISSIONS):
                self._make(one)
        (image,) = check.images(self.context, [manifests.IMAGE]).values()
        asked = manifests.Settings(
            doors=manifests.doors(self.context), base=os.environ.get("BASE_IMAGE", ""), **settings
        )
        for one in manifests.manifests(self.id, image, course.for_examiner(self.labs), asked):
            self._make(one)

    def end(self) -> None:
        for space in self.spaces():
            sweep.remove_namespace(self.context, space, wait=False)
        for kind in ("clusterroles", "clusterrolebindings"):
            store.delete(self.context, f"{RBAC}/{kind}/{cluster_role(self.id)}")

    def spaces(self) -> list[str]:
        """All namespaces of it, those of exams included."""
        query = [("labelSelector", f"{WORKSHOP}={self.id}")]
        found = cluster.call(self.context, "GET", "/api/v1/namespaces", query=query)["items"]
        return [one["metadata"]["name"] for one in found if not one["metadata"].get("deletionTimestamp")]

    def places(self) -> set[str]:
        """Namespaces that are to be there; all others are of exams."""
        return {self.space, *map(self.desk, self.people)}

    def desk(self, person: str) -> str:
        return desk_namespace(self.id, person)

    def submit(self, person: str, lab: str, archive: str) -> Submission:
        return store.submit(self.context, self.desk(person), lab, archive)

    def submissions(self) -> list[Submission]:
        return [one for person in self.people for one in store.submissions(self.context, self.desk(person))]

    def result(self, one: Submission) -> dict[str, Any]:
        path = f"/api/v1/namespaces/{one.namespace}/configmaps/result-{one.name}"
        return cluster.call(self.context, "GET", path)

    def pods(self, of: str) -> list[dict[str, Any]]:
        """Pods of the teacher's namespace whose name begins so."""
        found = cluster.call(self.context, "GET", f"/api/v1/namespaces/{self.space}/pods")["items"]
        return [pod for pod in found if pod["metadata"]["name"].startswith(of)]

    def kill(self, of: str) -> list[str]:
        """End pods at once, without grace; their names."""
        names = [pod["metadata"]["name"] for pod in self.pods(of)]
        for name in names:
            query = [("gracePeriodSeconds", "0")]
            cluster.call(self.context, "DELETE", f"/api/v1/namespaces/{self.space}/pods/{name}", query=query)
        return names

    def until_done(self, within_s: float, meanwhile: Callable[[], None] = lambda: None) -> list[Submission]:
        """All submissions once every one is done; an assertion error after `within_s` seconds."""
        give_up = time.monotonic() + within_s
        while True:
            found = self.submissions()
            if all(one.state is State.DONE for one in found):
                return found
            assert time.monotonic() < give_up, [(one.name, one.state, one.tries) for one in found]
            meanwhile()
            time.sleep(0.5)

    def _make(self, manifest: dict[str, Any]) -> None:
        with cluster.talking(f"making {manifest['metadata']['name']}"):
            objects.apply(self.context, manifest)


def packed(files: dict[str, bytes]) -> str:
    """An archive as `lab submit` makes one."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as tar:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o644
            tar.addfile(entry, io.BytesIO(data))
    return base64.b64encode(made.getvalue()).decode()


def open_files(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by path relative to it."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
