"""Speaking to the cluster from one of its pods: a kubeconfig out of what every such pod is given."""

from __future__ import annotations

import os
from pathlib import Path

import yaml

from grader.classroom.examiner.pods import CONTEXT
from grader.errors import BadInput
from infra.k8s import cluster

GIVEN = Path("/var/run/secrets/kubernetes.io/serviceaccount")


def enter() -> str:
    """Write the kubeconfig that KUBECONFIG names, and return the name of its context. It holds no token but says where
    one is, since the cluster renews it.

    Raises:
        BadInput: this is no pod that may speak to the cluster.
    """
    try:
        host, port = os.environ["KUBERNETES_SERVICE_HOST"], os.environ["KUBERNETES_SERVICE_PORT"]
        target = Path(os.environ["KUBECONFIG"])
    except KeyError as error:
        raise BadInput(f"this runs in a pod of a workshop, and {error.args[0]} is not set here") from None
    server = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
    target.write_text(yaml.safe_dump(_config(server)), "utf-8")
    return CONTEXT


def renew() -> None:
    """Read the token again with the next call."""
    cluster.api.cache_clear()


def _config(server: str) -> dict[str, object]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": CONTEXT,
        "clusters": [{"name": CONTEXT, "cluster": {"server": server, "certificate-authority": str(GIVEN / "ca.crt")}}],
        "users": [{"name": CONTEXT, "user": {"tokenFile": str(GIVEN / "token")}}],
        "contexts": [{"name": CONTEXT, "context": {"cluster": CONTEXT, "user": CONTEXT}}],
    }
