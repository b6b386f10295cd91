"""The Scale subresource of a model with replicas, as Kubernetes has it: autoscaling/v1, GET, PUT and PATCH."""

from __future__ import annotations

from typing import Any

from casebook import strict
from common.guard import Refused, answer, read_body
from starlette.requests import Request
from starlette.responses import Response

from model_pool.pool import Pool, Served

PATH = "/apis/apps/v1/namespaces/lab/deployments/{name}/scale"
MAX_BODY = 1 << 16
GROUP = {"group": "apps", "kind": "deployments"}
MERGES = ("application/merge-patch+json", "application/strategic-merge-patch+json", "application/json", "")
PATCHES = (*MERGES, "application/json-patch+json")


class _No(Exception):
    """What Kubernetes would answer with a Status."""

    def __init__(self, code: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.code, self.reason = code, reason


class Scale:
    """`handle` is what answers at `PATH`. Each change that is taken gets a new `resourceVersion`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._changes = 1

    async def handle(self, request: Request) -> Response:
        """Answer a request; errors are Kubernetes' Status objects."""
        name = request.path_params["name"]
        try:
            served = self._found(name)
            if request.method in ("PUT", "PATCH"):
                self._take(served, name, await self._asked(request, name))
            return answer(self._shown(served, name))
        except _No as error:
            status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": str(error)}
            return answer(
                {**status, "reason": error.reason, "details": {"name": name, **GROUP}, "code": error.code}, error.code
            )

    def _found(self, name: str) -> Served:
        served = self._pool.served.get(name)
        if served is None or served.replicas is None:
            raise _No(404, "NotFound", f'deployments.apps "{name}" not found')
        return served

    def _shown(self, served: Served, name: str) -> dict[str, Any]:
        assert served.replicas is not None
        return {
            "kind": "Scale",
            "apiVersion": "autoscaling/v1",
            "metadata": {
                "name": name,
                "namespace": "lab",
                "uid": f"pool-{name}",
                "resourceVersion": str(self._changes),
            },
            "spec": {"replicas": served.replicas.wanted},
            "status": {"replicas": served.replicas.there + served.replicas.starting, "selector": f"app={name}"},
        }

    async def _asked(self, request: Request, name: str) -> Any:
        """What spec.replicas is to be."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.method == "PATCH" and kind not in PATCHES:
            raise _No(415, "UnsupportedMediaType", f"a patch is one of {', '.join(filter(None, PATCHES))}")
        try:
            body = strict.loads(await read_body(request, MAX_BODY))
        except (Refused, ValueError) as error:
            raise _No(400, "BadRequest", strict.clean(error, 200)) from None
        if kind == "application/json-patch+json":
            return self._by_steps(body, name)
        if not isinstance(body, dict):
            raise _No(400, "BadRequest", "a JSON object is expected")
        metadata, spec = body.get("metadata", {}), body.get("spec", {})
        held = metadata.get("resourceVersion") if isinstance(metadata, dict) else None
        if held not in (None, "", str(self._changes)):
            raise _No(409, "Conflict", f'deployments.apps "{name}" was changed meanwhile: read it again')
        wanted = spec.get("replicas") if isinstance(spec, dict) else None
        if request.method == "PATCH" and wanted is None and isinstance(spec, dict):
            return self._found(name).replicas.wanted  # type: ignore[union-attr]
        return wanted

    def _by_steps(self, steps: Any, name: str) -> Any:
        wanted: Any = self._found(name).replicas.wanted  # type: ignore[union-attr]
        for step in steps if isinstance(steps, list) else [None]:
            if (
                not isinstance(step, dict)
                or step.get("path") != "/spec/replicas"
                or step.get("op") not in ("add", "replace", "test")
            ):
                raise _No(422, "Invalid", "a JSON patch of a Scale replaces /spec/replicas")
            if step["op"] != "test":
                wanted = step.get("value")
            elif step.get("value") != wanted:
                raise _No(422, "Invalid", "the test of the JSON patch failed")
        return wanted

    def _take(self, served: Served, name: str, wanted: Any) -> None:
        if type(wanted) is not int or wanted < 0:
            raise _No(422, "Invalid", f'Scale "{name}" is invalid: spec.replicas: must be a whole number of 0 or more')
        if wanted > served.model.most:
            raise _No(403, "Forbidden", f"exceeded quota: requested {wanted} replicas, limited to {served.model.most}")
        assert served.replicas is not None
        if wanted != served.replicas.wanted:
            served.replicas.scale(wanted)
            self._changes += 1
