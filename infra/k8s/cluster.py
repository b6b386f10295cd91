"""The one door to the cluster: clients of a context that was named, and foreign errors translated where they enter.

`kubernetes` is imported on first use: it costs most of a second.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from infra.errors import InfraError, PlatformBroken, RuntimeUnavailable

if TYPE_CHECKING:
    from kubernetes import client

CONTEXT = "BROWNOUT_KUBE_CONTEXT"
TIMEOUT_S = 20.0
GONE, CONFLICT = 404, 409
JSON = "application/json"
METADATA_LIST = f"{JSON};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
"""A list of objects without what they hold."""

CACHED = (("resourceVersion", "0"),)
"""Query for what the API server has at hand, without asking its database: mostly milliseconds old, and where there are
several servers one may be behind. For those who look again until they see what they wait for."""


def context() -> str:
    """The context that was named.

    Raises:
        RuntimeUnavailable: none was, or there is no such context; says which there are.
    """
    there = contexts()
    named = os.environ.get(CONTEXT, "")
    if not there:
        raise RuntimeUnavailable("no Kubernetes cluster is configured: set KUBECONFIG to a file that names one")
    choice = f"{'one of ' if len(there) > 1 else ''}{', '.join(there)}"
    if not named:
        raise RuntimeUnavailable(f"no cluster was named: set {CONTEXT} to {choice} (no other cluster is ever touched)")
    if named not in there:
        raise RuntimeUnavailable(f"there is no context {named!r} in the kubeconfig: set {CONTEXT} to {choice}")
    return named


def contexts() -> tuple[str, ...]:
    """Names of all contexts of the kubeconfig; none if there is no such file.

    Raises:
        RuntimeUnavailable: this environment is older than the runtime.
    """
    try:
        from kubernetes import config
    except ModuleNotFoundError as error:
        raise RuntimeUnavailable("the package kubernetes is not installed here: run `make setup`") from error
    try:
        every, _ = config.list_kube_config_contexts()
    except (config.ConfigException, OSError):
        return ()
    return tuple(str(one["name"]) for one in every)


@cache
def api(named: str) -> client.ApiClient:
    """The client of a context, shared by all threads."""
    from kubernetes import client, config

    configuration = client.Configuration()
    configuration.connection_pool_maxsize = 32
    try:
        config.load_kube_config(context=named, client_configuration=configuration)
    except (config.ConfigException, OSError) as error:
        raise PlatformBroken(f"the kubeconfig no longer names the context {named!r}: {error}") from error
    return client.ApiClient(configuration)


def core(named: str) -> client.CoreV1Api:
    """Namespaces, pods, services and what they hold."""
    from kubernetes import client

    return client.CoreV1Api(api(named))


@contextmanager
def talking(doing: str) -> Iterator[None]:
    """Translate what the client raises.

    Raises:
        PlatformBroken: the cluster is away, or refused; names what was being done.
    """
    from kubernetes.client import ApiException
    from urllib3.exceptions import HTTPError

    try:
        yield
    except ApiException as error:
        raise _refused(error, doing) from error
    except (HTTPError, OSError) as error:
        raise PlatformBroken(f"{doing}: the cluster does not answer ({type(error).__name__})") from error


def status_of(error: BaseException) -> int:
    """HTTP status that the API server gave, 0 for another error."""
    return int(getattr(error, "status", None) or 0)


def create(named: str, manifest: dict[str, Any], dry_run: bool = False) -> dict[str, Any]:
    """Make one object and return it as the cluster keeps it.

    Raises:
        kubernetes.client.ApiException: the cluster refused; wrap in `talking`.
    """
    version, kind = manifest["apiVersion"], manifest["kind"]
    base = f"/api/{version}" if "/" not in version else f"/apis/{version}"
    space = manifest["metadata"].get("namespace")
    place = f"{base}/namespaces/{space}" if space else base
    return call(named, "POST", f"{place}/{plural(kind)}", manifest, [("dryRun", "All")] if dry_run else [])


def plural(kind: str) -> str:
    """The resource of a kind, for those that we make."""
    lower = kind.lower()
    return f"{lower[:-1]}ies" if lower.endswith("y") else f"{lower}s"


def call(named: str, method: str, path: str, body: Any = None, query: Any = (), accept: str = JSON) -> dict[str, Any]:
    """One request to the API server, its answer as plain data. Raises what the client raises.

    `accept` asks for the answer in another shape, such as `METADATA_LIST`.
    """
    from kubernetes.client import ApiException

    door = api(named)
    kinds = {"PATCH": "application/merge-patch+json"}
    headers = {"Content-Type": kinds.get(method, JSON), "Accept": accept}
    request = door.param_serialize(
        method=method,
        resource_path=path,
        query_params=list(query),
        header_params=headers,
        body=body,
        auth_settings=["BearerToken"],
    )
    response = door.call_api(*request, _request_timeout=TIMEOUT_S)
    response.read()
    if not 200 <= response.status < 300:
        raise ApiException(http_resp=response, body=response.data.decode("utf-8", "replace"))
    found: dict[str, Any] = json.loads(response.data)
    return found


def said(error: Any) -> str:
    """Why the API server refused, on one line."""
    try:
        text = json.loads(error.body)["message"]
    except (TypeError, ValueError, KeyError):
        text = str(error.reason)
    return " ".join(text.split())[:400]


def _refused(error: Any, doing: str) -> InfraError:
    why = said(error)
    right = error.status == 403 and "exceeded quota" not in why
    remedy = ": ask for that right (`lab doctor` lists those that are needed)" if right else ""
    return PlatformBroken(f"{doing}: the cluster refused: {why}{remedy}")


def create_all(named: str, manifests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Make several objects at once; the first error is raised after all have been tried."""
    with ThreadPoolExecutor(max_workers=6) as pool:
        futures = [pool.submit(create, named, manifest) for manifest in manifests]
    return [future.result() for future in futures]
