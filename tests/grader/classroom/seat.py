"""A small workshop in a real cluster: one desk, one system, one kit; and the checkout of whoever gets the kit."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import yaml

from grader.classroom.cluster import model, rights, store
from grader.classroom.cluster.names import PARTICIPANT_ACCOUNT, desk_namespace
from grader.classroom.desk import kit as kits
from grader.classroom.desk.kit import CONTEXT, Kit
from grader.course import catalog, systems
from infra.k8s import cluster, keeper
from infra.k8s import state as records
from infra.k8s.runtime import KubernetesRuntime
from infra.runtime import Request
from tests.grader.course import Course, begin

RBAC = "rbac.authorization.k8s.io"
OURS = ("KUBECONFIG", cluster.CONTEXT)


class Way:
    """The way to an API server: a port of this machine, which can be cut and mended."""

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self._target = (parts.hostname or "", parts.port or 443)
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._passable = True
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Nobody gets through, and whoever was through is thrown out."""
        self._passable = False
        while self._open:
            with suppress(OSError):
                self._open.pop().shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """It can be passed again."""
        self._passable = True

    def _accept(self) -> None:
        while True:
            near, _ = self._listener.accept()
            if not self._passable:
                near.close()
                continue
            far = socket.create_connection(self._target)
            self._open += [near, far]
            for pair in ((near, far), (far, near)):
                threading.Thread(target=_pour, args=pair, daemon=True).start()


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


class Teacher:
    """Makes what a participant needs, with exactly the rights that one has, and removes it."""

    def __init__(self, context: str, lab_id: str, folder: Path, course: Course) -> None:
        self.context, self.lab_id, self.folder, self.course = context, lab_id, folder, course
        self.workshop = f"p-{secrets.token_hex(3)}"
        self.desk = desk_namespace(self.workshop, "ana")
        self.way = Way(cluster.api(context).configuration.host)

    def make(self, folder: Path) -> None:
        """Everything, with a kit in `folder`."""
        store.install(self.context)
        lab = catalog.find_lab(self.lab_id)
        name = f"{self.workshop}-ana-{self.lab_id}"
        request = Request(name, owner_pid=None, secrets={"BROWNOUT_TOKEN": "tell-nobody"}, ready_timeout_s=90.0)
        self.deployment = KubernetesRuntime().deploy(systems.system(lab), request)
        record = records.read(self.deployment.name)
        assert record is not None
        self.record = record
        self._object({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.desk}})
        self.enrol()
        self._allow(self.desk, rights.at_the_desk())
        self._allow(record.namespace, rights.in_the_system())
        self._object(model.new_desk(self.desk, self.lab_id))
        self.give(folder)

    def enrol(self) -> None:
        """The account of the participant; a token is good as long as it is there."""
        metadata = {"name": PARTICIPANT_ACCOUNT, "namespace": self.desk}
        self._object({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata})

    def expel(self) -> None:
        """Every token given out so far is refused, some seconds from now."""
        with cluster.talking("removing the account"):
            store.delete(self.context, f"/api/v1/namespaces/{self.desk}/serviceaccounts/{PARTICIPANT_ACCOUNT}")

    def give(self, folder: Path) -> None:
        """A kit, with a new token."""
        ends = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        kit = Kit(self.workshop, "ana", "Otter", self.desk, ends, {self.lab_id: asdict(self.record)})
        kits.write(folder, kit, self.kubeconfig())

    def kubeconfig(self) -> str:
        """A participant's, with a new token."""
        body = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {"expirationSeconds": 3600},
        }
        path = f"/api/v1/namespaces/{self.desk}/serviceaccounts/{PARTICIPANT_ACCOUNT}/token"
        token = cluster.call(self.context, "POST", path, body)["status"]["token"]
        return kubeconfig(cluster.api(self.context).configuration, self.way, token)

    def remove(self) -> None:
        """What `make` made."""
        for name, act in (
            ("system", lambda: self.deployment.stop()),
            ("desk", self._remove_desk),
            ("keeper", keeper.end),
        ):
            try:
                act()
            except Exception as error:
                print(f"{name} is left: {error}", file=sys.stderr)

    def _remove_desk(self) -> None:
        with cluster.talking("removing the desk"):
            store.delete(self.context, f"/api/v1/namespaces/{self.desk}")

    def _allow(self, namespace: str, rules: list[dict[str, Any]]) -> None:
        metadata = {"name": "participant", "namespace": namespace}
        self._object({"apiVersion": f"{RBAC}/v1", "kind": "Role", "metadata": metadata, "rules": rules})
        self._object(
            {
                "apiVersion": f"{RBAC}/v1",
                "kind": "RoleBinding",
                "metadata": metadata,
                "roleRef": {"apiGroup": RBAC, "kind": "Role", "name": "participant"},
                "subjects": [{"kind": "ServiceAccount", "name": PARTICIPANT_ACCOUNT, "namespace": self.desk}],
            }
        )

    def _object(self, manifest: dict[str, Any]) -> None:
        with cluster.talking(f"making a {manifest['kind']}"):
            cluster.create(self.context, manifest)


def kubeconfig(configuration: Any, way: Way, token: str) -> str:
    """For that cluster, by that way, with one context."""
    name = configuration.tls_server_name or urlsplit(configuration.host).hostname
    there: dict[str, Any] = {"server": f"https://127.0.0.1:{way.port}", "tls-server-name": name}
    if configuration.ssl_ca_cert:
        authority = Path(configuration.ssl_ca_cert).read_bytes()
        there["certificate-authority-data"] = base64.b64encode(authority).decode()
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": CONTEXT, "cluster": there}],
            "users": [{"name": CONTEXT, "user": {"token": token}}],
            "contexts": [{"name": CONTEXT, "context": {"cluster": CONTEXT, "user": CONTEXT}}],
            "current-context": CONTEXT,
        }
    )


class Checkout:
    """A participant's: the labs of a course without its scenarios, a home of its own, and no cluster configured."""

    def __init__(self, root: Path, course: Course) -> None:
        self.root, self.home = root, root / "home"
        shutil.copytree(course.root / "labs", root / "labs")

    @property
    def environment(self) -> dict[str, str]:
        theirs = {key: value for key, value in os.environ.items() if key not in OURS}
        mine = {"BROWNOUT_COURSE": str(self.root), "BROWNOUT_HOME": str(self.home), "NO_COLOR": "1", "COLUMNS": "80"}
        return {**theirs, **mine, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}

    def lab(self, *arguments: str, timeout_s: float = 120) -> subprocess.CompletedProcess[str]:
        """Run `lab`; both outputs are kept."""
        return self.begin(*arguments, timeout_s=timeout_s)[1]()

    def begin(self, *arguments: str, timeout_s: float = 120) -> Any:
        """Start `lab`; returns its process, and what waits for it and gives what `lab` gives."""
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        process = begin(arguments, self.environment, text=True, **streams)

        def wait() -> subprocess.CompletedProcess[str]:
            out, trouble = process.communicate(timeout=timeout_s)
            return subprocess.CompletedProcess(arguments, process.returncode, out, trouble)

        return process, wait

    def processes(self) -> list[str]:
        """Command lines of all that runs for this checkout, by the variable that names its home."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("BROWNOUT_HOME") == str(self.home):
                    found.append(" ".join(process.cmdline()))
            except psutil.Error:
                continue
        return found
