"""How the examiner says how it is: a ConfigMap in the teacher's namespace, for `lab workshop status` and the board."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

from grader.classroom.cluster.names import EXAMINER, WORKSHOP, teacher_namespace
from infra.k8s import cluster

EVERY_S = 10.0


@dataclass(frozen=True)
class Notice:
    """Attributes:
    seen: when the examiner last looked.
    at_once: how many exams it holds at once.
    running, waiting: submissions.
    held: why no exam begins, or empty.
    """

    seen: str
    at_once: int
    running: int
    waiting: int
    held: str


class Board:
    """Puts up a notice when it says something new, and every `EVERY_S` seconds."""

    def __init__(self, context: str, workshop: str) -> None:
        self._context, self._workshop = context, workshop
        self._last: tuple[float, tuple[Any, ...]] = (0.0, ())

    def put(self, notice: Notice) -> None:
        """Raises `PlatformBroken` where the cluster is away or refuses."""
        news = (notice.at_once, notice.running, notice.waiting, bool(notice.held))
        if news == self._last[1] and time.monotonic() - self._last[0] < EVERY_S:
            return
        data = {key: str(value) for key, value in asdict(notice).items()}
        path = _path(self._workshop)
        with cluster.talking("putting up the examiner's notice"):
            try:
                cluster.call(self._context, "PATCH", path, {"data": data})
            except Exception as error:
                if cluster.status_of(error) != cluster.GONE:
                    raise
                cluster.create(self._context, _made(self._workshop, data))
        self._last = time.monotonic(), news


def read(context: str, workshop: str) -> Notice | None:
    """The notice that is up, None if there never was one.

    Raises:
        PlatformBroken: the cluster is away or refused.
    """
    with cluster.talking("reading the examiner's notice"):
        try:
            data = cluster.call(context, "GET", _path(workshop))["data"]
        except Exception as error:
            if cluster.status_of(error) != cluster.GONE:
                raise
            return None
    return Notice(data["seen"], int(data["at_once"]), int(data["running"]), int(data["waiting"]), data["held"])


def _path(workshop: str) -> str:
    return f"/api/v1/namespaces/{teacher_namespace(workshop)}/configmaps/{EXAMINER}"


def _made(workshop: str, data: dict[str, str]) -> dict[str, Any]:
    metadata = {"name": EXAMINER, "namespace": teacher_namespace(workshop), "labels": {WORKSHOP: workshop}}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}
