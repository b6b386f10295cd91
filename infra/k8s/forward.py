"""One connection to a port of a pod, through the API server."""

from __future__ import annotations

from functools import cache
from typing import Any

from infra.errors import PlatformBroken
from infra.k8s.cluster import api, talking
from infra.k8s.state import Port, Record


def open_forward(record: Record, port: Port) -> Any:
    """A connected socket. What is wrong behind it (nothing listens there) shows as its end.

    Raises:
        PlatformBroken: the cluster is away.
    """
    from kubernetes.stream.ws_client import portforward_call

    configuration = _configuration(record.context)
    path = f"/api/v1/namespaces/{record.namespace}/pods/{port.pod}/portforward"
    token = configuration.get_api_key_with_prefix("BearerToken") or configuration.get_api_key_with_prefix(
        "authorization"
    )
    headers = {"sec-websocket-protocol": "v4.channel.k8s.io", **({"authorization": token} if token else {})}
    with talking(f"reaching {port.pod}:{port.inside}"):
        call = portforward_call(
            configuration, "GET", configuration.host + path, query_params=[("ports", str(port.inside))], headers=headers
        )
    if call is None:
        raise PlatformBroken(f"{port.pod}:{port.inside} cannot be reached")
    return call.socket(port.inside)._socket


@cache
def _configuration(context: str) -> Any:
    return api(context).configuration
