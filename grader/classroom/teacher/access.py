"""A participant's way into the cluster: a token that ends, and a kubeconfig with nothing else in it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from grader.classroom.cluster.names import PARTICIPANT_ACCOUNT
from grader.classroom.desk.kit import CONTEXT
from grader.classroom.planning.plan import parse_time
from grader.errors import BadInput
from infra.k8s import cluster

LEAST_S = 600
"""A cluster gives no token for less."""


@dataclass(frozen=True)
class Server:
    """The API server as participants reach it.

    Attributes:
        url: `https://host:port`.
        name: what its certificate says, where that is not the host of `url`; else empty.
        authority: certificate authority, PEM; empty for the machine's own.
        checked: whether certificates are checked at all, as in the teacher's kubeconfig.
    """

    url: str
    name: str
    authority: str
    checked: bool = True

    @property
    def only_here(self) -> bool:
        """Whether no other machine can reach it."""
        host = urlsplit(self.url).hostname or ""
        return host in ("localhost", "::1", "0.0.0.0") or host.startswith("127.")


def server(context: str, wanted: str) -> Server:
    """How the teacher's kubeconfig reaches the API server, at another address if one is `wanted`.

    Raises:
        BadInput: its certificate authority cannot be read.
        PlatformBroken: the kubeconfig no longer has that context.
    """
    found = cluster.api(context).configuration
    said = str(found.tls_server_name or "")
    try:
        authority = Path(found.ssl_ca_cert).read_text("utf-8") if found.ssl_ca_cert else ""
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the certificate authority of context {context} cannot be read: {error}") from error
    known = said or urlsplit(found.host).hostname or ""
    name = known if wanted and urlsplit(wanted).hostname != known else said
    return Server(wanted or str(found.host), name, authority, bool(found.verify_ssl))


def token(context: str, namespace: str, ends: str) -> tuple[str, str]:
    """A token of the participant's account in that namespace, and when it expires: at `ends`, or earlier where the
    cluster gives none for so long."""
    left = int((parse_time(ends) - datetime.now(UTC)).total_seconds())
    body = {
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "TokenRequest",
        "spec": {"expirationSeconds": max(LEAST_S, left)},
    }
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{PARTICIPANT_ACCOUNT}/token"
    with cluster.talking(f"asking for a token in {namespace}"):
        given = cluster.call(context, "POST", path, body)["status"]
    return given["token"], given["expirationTimestamp"]


def kubeconfig(found: Server, namespace: str, secret: str) -> str:
    """A kubeconfig with one context."""
    there: dict[str, object] = {"server": found.url}
    if found.authority:
        there["certificate-authority-data"] = base64.b64encode(found.authority.encode()).decode()
    if found.name:
        there["tls-server-name"] = found.name
    if not found.checked:
        there["insecure-skip-tls-verify"] = True
    where = {"cluster": CONTEXT, "user": CONTEXT, "namespace": namespace}
    whole = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": CONTEXT, "cluster": there}],
        "users": [{"name": CONTEXT, "user": {"token": secret}}],
        "contexts": [{"name": CONTEXT, "context": where}],
        "current-context": CONTEXT,
    }
    return yaml.safe_dump(whole, sort_keys=False)
