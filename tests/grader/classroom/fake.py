"""An API server of a few kinds of object, over plain HTTP, and a kit for it."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from grader.classroom.desk.kit import CONTEXT

TOKEN = "good"
SPACE = "ws-friday--ana"
DESKS = f"/apis/lab.brownout/v1/namespaces/{SPACE}/desks"
SUBMISSIONS = f"/apis/lab.brownout/v1/namespaces/{SPACE}/submissions"
MAPS = f"/api/v1/namespaces/{SPACE}/configmaps"


class FakeCluster:
    """Objects by path; a merge patch is of `spec` and `status` only. `refuse` is (status, message) for every POST."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Any]] = {}
        self.refuse: tuple[int, str] | None = None
        self.asked: list[str] = []
        cluster = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._act()

            do_POST = do_PATCH = do_GET

            def _act(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = json.loads(self.rfile.read(length) or b"null")
                if self.headers.get("authorization") != f"Bearer {TOKEN}":
                    status, found = 401, {"message": "Unauthorized"}
                else:
                    status, found = cluster.answer(self.command, urlsplit(self.path).path, body)
                data = json.dumps(found).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def add_desk(self, lab_id: str, hints: tuple[str, ...] = (), **spec: Any) -> None:
        """A desk as the cluster keeps it."""
        metadata = {"name": lab_id, "namespace": SPACE}
        self.objects[f"{DESKS}/{lab_id}"] = {"metadata": metadata, "spec": spec, "status": {"hints": list(hints)}}

    def desk(self, lab_id: str) -> dict[str, Any]:
        return self.objects[f"{DESKS}/{lab_id}"]

    def settle(self, name: str, **status: Any) -> None:
        """What the examiner writes."""
        self.objects[f"{SUBMISSIONS}/{name}"]["status"] = status

    def answer(self, method: str, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        """Status and object."""
        self.asked.append(f"{method} {path}")
        if method == "POST":
            return self._make(path, body)
        if method == "GET" and path in (DESKS, SUBMISSIONS):
            return 200, {"items": [one for name, one in self.objects.items() if name.startswith(f"{path}/")]}
        if path not in self.objects:
            return 404, {"message": f"{path} not found"}
        if method == "PATCH":
            for part in ("spec", "status"):
                self.objects[path].setdefault(part, {}).update(body.get(part, {}))
        return 200, self.objects[path]

    def _make(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.refuse:
            return self.refuse[0], {"message": self.refuse[1]}
        name = f"{body['metadata']['generateName']}{len(self.objects)}"
        created = f"2026-01-31T09:30:{len(self.objects):02}Z"
        metadata = {**body["metadata"], "name": name, "uid": name, "creationTimestamp": created}
        self.objects[f"{path}/{name}"] = {**body, "metadata": metadata}
        return 201, self.objects[f"{path}/{name}"]


def config(server: str, **user: Any) -> str:
    """A kit's kubeconfig."""
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": CONTEXT, "cluster": {"server": server}}],
            "users": [{"name": CONTEXT, "user": user or {"token": TOKEN}}],
            "contexts": [{"name": CONTEXT, "context": {"cluster": CONTEXT, "user": CONTEXT}}],
            "current-context": CONTEXT,
        }
    )


def record(name: str = "friday-ana-desk", service: str = "desk") -> dict[str, Any]:
    """Of a deployment of the toy lab, as a teacher's machine has it."""
    port = {"pod": "p-desk-0", "inside": 8080, "outside": 20001}
    return {
        "name": name,
        "id": "1a2b",
        "context": "teachers-own",
        "namespace": f"lab-{name}-1a2b",
        "owner": "4711:12.00",
        "starter": "4711:12.00",
        "started": True,
        "open_root": "/home/teacher/somewhere",
        "courier_token": "courier",
        "parts": [
            {
                "name": service,
                "published": [port],
                "ready": f"http://{service}:8080/healthz",
                "depends_on": [],
                "networks": ["default"],
                "ports": [8080],
                "control": {**port, "inside": 15900, "outside": 20002},
                "token": "control",
                "courier": {**port, "inside": 15998, "outside": 20003},
                "mounts": [[f"{service}/0", "/home/teacher/somewhere/desk"]],
                "address": "10.0.0.7",
                "birth": "b1",
            }
        ],
        "agent": None,
        "pods": {"p-desk-0": "10.1.0.7"},
    }


def kit(folder: Path, server: str, changes: Mapping[str, Any] | None = None, **user: Any) -> Path:
    """A kit for ana with the lab `desk`, some of it changed."""
    whole = {
        "workshop": "friday",
        "participant": "ana",
        "nickname": "Otter",
        "namespace": SPACE,
        "ends": "2999-01-31T17:00:00Z",
        "labs": {"desk": record()},
        **(changes or {}),
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kit.json").write_text(json.dumps(whole))
    (folder / "kubeconfig").write_text(config(server, **user))
    return folder
