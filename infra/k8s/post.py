"""The grader's post in a cluster: a pod in a namespace of its own, from which load, faults and observers act.

It may reach the systems of labs and nothing else. The code of the grader and of the lab lies there under the same paths
as on this machine, so that plans mean the same in both places.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import infra
from infra import own
from infra.common import owner, ports
from infra.errors import PlatformBroken, SystemRefused
from infra.k8s import bundle, cluster, inside, keeper, mirror, policies, render, state, sweep
from infra.k8s.deployment import INSIDE
from infra.k8s.line import Line
from infra.k8s.names import (
    BIN,
    DEPLOYMENT,
    FIRST_CONTROL,
    HOME,
    NAME,
    OWNER,
    POST,
    POST_HOME,
    ROLE,
    extra_labels,
    home_id,
)
from infra.k8s.policies import Manifest
from infra.k8s.state import Port, Record
from infra.k8s.waiting import await_pods

POST_IMAGE = "grader"
POD = "post"
PODS_S = 90.0
FETCH_S = 0.2
RESOURCES: Manifest = {
    "requests": {"cpu": "100m", "memory": str(128 * render.MIB)},
    "limits": {"cpu": "8000m", "memory": str(1024 * render.MIB)},
}


class KubernetesPost:
    """Satisfies `infra.runtime.Post`. A thread brings what is written there while the post is open."""

    def __init__(self, record: Record, writes: Path) -> None:
        assert record.agent is not None
        self._record, self._writes = record, writes
        self._line = Line("127.0.0.1", record.agent.outside, record.courier_token, "the post")
        self._closed = threading.Event()
        self._fetcher = threading.Thread(target=self._fetch, daemon=True)
        self._fetcher.start()

    def command(self, module: str, *arguments: str) -> Sequence[str]:
        return own.command("infra.k8s.carry", self._record.name, module, *arguments)

    def close(self) -> None:
        if not self._closed.is_set():
            self._closed.set()
            self._fetcher.join()
            self._line.close()
            sweep.remove(self._record)

    def _fetch(self) -> None:
        while not self._closed.wait(FETCH_S):
            with suppress(PlatformBroken, OSError):
                mirror.fetch(self._line, self._writes, whole=False)


def open_post(context: str, image: str, name: str, reads: Sequence[Path], writes: Path) -> KubernetesPost:
    """Make a post. Raises as `infra.runtime.Runtime.post`; whatever is raised, nothing is left behind."""
    if not NAME.fullmatch(name):
        raise SystemRefused(f"a post cannot be named {name!r}: use 1 to 40 of a-z, 0-9 and -")
    state.claim(name)
    record = _record(context, name, writes)
    try:
        state.write(record)
        keeper.ensure(record)
        first, *others = manifests(record, image, _outermost([*reads, Path(infra.__path__[0])]), writes)
        with cluster.talking(f"creating {name}"):
            cluster.create(context, first)
            cluster.create_all(context, others)
        there = await_pods(context, record.namespace, [f"{POD}-0"], PODS_S)
        record = replace(record, pods=there, started=True)
        state.write(record)
    except BaseException:
        with suppress(PlatformBroken):
            sweep.remove(record)
        raise
    return KubernetesPost(record, writes)


def manifests(record: Record, image: str, reads: Sequence[Path], writes: Path) -> list[Manifest]:
    """All objects of a post, its namespace first."""
    packed = bundle.pack((str(number), path) for number, path in enumerate(reads))
    plan = render.Plan(
        namespace=record.namespace,
        labels={**extra_labels(), DEPLOYMENT: record.name, HOME: home_id(), ROLE: POST},
        annotations={OWNER: record.owner},
        images={},
        secrets={},
        tokens={"agent": record.courier_token},
        scripts=inside.scripts(),
    )
    pod = _pod(image, reads, writes, packed)
    return [
        render.namespace(plan),
        *(
            render.placed(one, plan)
            for one in (
                render.nobody(),
                policies.limit_range(),
                policies.quota([pod]),
                policies.deny_all(),
                policies.to_systems(),
                render.secret("control", plan.tokens),
                *render.code(plan, ()),
                *render.archive(POD, packed),
                render.stateful(POD, pod, {**plan.labels}),
            )
        ),
    ]


def _pod(image: str, reads: Sequence[Path], writes: Path, packed: bytes) -> Manifest:
    prepare = render.prepare(image, guarded=True)
    return {
        **render.closed_pod(POD),
        "initContainers": [prepare],
        "containers": [_agent(image, reads, writes)],
        "volumes": [
            *render.code_volumes(POD, packed),
            {"name": "writes", "emptyDir": {"sizeLimit": "1Gi"}},
            {"name": "tmp", "emptyDir": {"sizeLimit": "256Mi"}},
        ],
    }


def _agent(image: str, reads: Sequence[Path], writes: Path) -> Manifest:
    return {
        "name": "agent",
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": [*render.PYTHON, f"{BIN}/agent.py", str(FIRST_CONTROL), str(writes)],
        "workingDir": "/tmp",
        "env": list(_environment(reads)),
        "resources": RESOURCES,
        "securityContext": render.HARDENED,
        "volumeMounts": [
            render.seen("bin", BIN),
            *({**render.seen("code", str(path)), "subPath": str(number)} for number, path in enumerate(reads)),
            {"name": "writes", "mountPath": str(writes)},
            {"name": "tmp", "mountPath": "/tmp"},
        ],
    }


def _environment(reads: Sequence[Path]) -> Iterator[dict[str, Any]]:
    packages = dict.fromkeys(str(path.parent) for path in reads if (path / "__init__.py").exists())
    yield {"name": "PYTHONPATH", "value": ":".join(packages)}
    yield {"name": "PYTHONUNBUFFERED", "value": "1"}
    yield {"name": "PYTHONDONTWRITEBYTECODE", "value": "1"}
    yield {"name": INSIDE, "value": "1"}
    yield {"name": "BROWNOUT_HOME", "value": POST_HOME}
    yield {"name": "BROWNOUT_CONTROL", "valueFrom": {"secretKeyRef": {"name": "control", "key": "agent"}}}


def _outermost(paths: Sequence[Path]) -> list[Path]:
    """Those that lie in no other."""
    whole = list(dict.fromkeys(path.resolve() for path in paths))
    return [path for path in whole if not any(other in path.parents for other in whole)]


def _record(context: str, name: str, writes: Path) -> Record:
    key = secrets.token_hex(4)
    (free,) = ports.free_ports(1, state.reserved_ports())
    ports.give_back([free])
    me = owner.identity(os.getpid())
    return Record(
        name=name,
        id=key,
        context=context,
        namespace=f"post-{name}-{key}",
        owner=me,
        starter=me,
        open_root=str(writes),
        courier_token=secrets.token_hex(16),
        agent=Port(f"{POD}-0", FIRST_CONTROL, free),
    )
