"""A small workshop in a real cluster: one desk, one system, one kit; and the checkout of whoever gets the kit."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from grader import catalog, practice
from grader.workshop import kit as kits
from grader.workshop import model, rights, store
from grader.workshop.kit import CONTEXT, Kit
from grader.workshop.names import PARTICIPANT_ACCOUNT, desk_namespace
from infra.k8s import cluster, keeper
from infra.k8s import state as records
from infra.k8s.runtime import KubernetesRuntime
from infra.runtime import Request
from tests.grader.course import LAB, REPOSITORY, Course

RBAC = "rbac.authorization.k8s.io"
OURS = ("KUBECONFIG", cluster.CONTEXT)


class Teacher:
    """Makes what a participant needs, with exactly the rights that one has, and removes it."""

    def __init__(self, context: str, lab_id: str) -> None:
        self.context, self.lab_id = context, lab_id
        self.workshop = f"p-{secrets.token_hex(3)}"
        self.desk = desk_namespace(self.workshop, "ana")

    def make(self, folder: Path) -> Kit:
        """Everything, with a kit in `folder`."""
        store.install(self.context)
        lab = catalog.find_lab(self.lab_id)
        request = Request(
            f"{self.workshop}-ana-{self.lab_id}", owner_pid=None, secrets={"BROWNOUT_TOKEN": "tell-nobody"}
        )
        self.deployment = KubernetesRuntime().deploy(practice.system(lab), request)
        record = records.read(self.deployment.name)
        assert record is not None
        self._object({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.desk}})
        self._object(
            {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": {"name": PARTICIPANT_ACCOUNT, "namespace": self.desk},
            }
        )
        self._allow(self.desk, rights.at_the_desk())
        self._allow(record.namespace, rights.in_the_system())
        self._object(model.new_desk(self.desk, self.lab_id))
        ends = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        kit = Kit(self.workshop, "ana", "Otter", self.desk, ends, {self.lab_id: asdict(record)})
        kits.write(folder, kit, self.kubeconfig())
        return kit

    def kubeconfig(self) -> str:
        """A participant's, with a new token."""
        body = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {"expirationSeconds": 3600},
        }
        path = f"/api/v1/namespaces/{self.desk}/serviceaccounts/{PARTICIPANT_ACCOUNT}/token"
        token = cluster.call(self.context, "POST", path, body)["status"]["token"]
        return kubeconfig(cluster.api(self.context).configuration, token)

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


def kubeconfig(configuration: Any, token: str) -> str:
    """For that cluster, with one context."""
    there: dict[str, Any] = {"server": configuration.host}
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
        return {**theirs, **mine}

    def lab(self, *arguments: str, timeout_s: float = 120) -> subprocess.CompletedProcess[str]:
        """Run `lab`; both outputs are kept."""
        return self.begin(*arguments, timeout_s=timeout_s)[1]()

    def begin(self, *arguments: str, timeout_s: float = 120) -> Any:
        """Start `lab`; returns its process, and what waits for it and gives what `lab` gives."""
        process = subprocess.Popen(
            [*LAB, *arguments],
            cwd=REPOSITORY,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

        def wait() -> subprocess.CompletedProcess[str]:
            out, trouble = process.communicate(timeout=timeout_s)
            return subprocess.CompletedProcess(arguments, process.returncode, out, trouble)

        return process, wait

    def processes(self) -> list[str]:
        """Command lines of all that runs for this checkout, by the variable that names its home."""
        import psutil

        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("BROWNOUT_HOME") == str(self.home):
                    found.append(" ".join(process.cmdline()))
            except psutil.Error:
                continue
        return found
