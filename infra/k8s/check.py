"""Whether the cluster can be used: it answers, is new enough, gives us the rights, and has the images."""

from __future__ import annotations

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from infra.errors import PlatformBroken, RuntimeUnavailable
from infra.images import tags
from infra.k8s import cluster

OLDEST = (1, 29)
Right = tuple[str, str, str]
"""API group, resource, and verbs separated by spaces."""

NEEDED: tuple[Right, ...] = (
    ("", "namespaces", "create delete list"),
    ("", "services", "create"),
    ("", "serviceaccounts", "create"),
    ("", "configmaps", "create"),
    ("", "secrets", "create"),
    ("", "resourcequotas", "create"),
    ("", "limitranges", "create"),
    ("", "pods", "list deletecollection"),
    ("", "pods/portforward", "get create"),
    ("", "events", "list"),
    ("", "nodes", "list"),
    ("apps", "statefulsets", "create deletecollection"),
    ("networking.k8s.io", "networkpolicies", "create"),
)


def check(context: str, needed: Iterable[Right] = NEEDED) -> None:
    """Raise RuntimeUnavailable with the remedy if the cluster cannot be used."""
    try:
        with cluster.talking(f"asking the cluster of context {context} for its version"):
            said = cluster.call(context, "GET", "/version")
        trouble = too_old(said) or lacking(_denied(context, needed))
    except PlatformBroken as error:
        raise RuntimeUnavailable(f"{error}: start it, or name another context") from error
    if trouble:
        raise RuntimeUnavailable(trouble)


def too_old(said: dict[str, Any]) -> str | None:
    """A sentence about a version that is too old, or None."""
    found = [re.match(r"\d+", str(said.get(key, ""))) for key in ("major", "minor")]
    version = tuple(int(match[0]) for match in found if match)
    if version >= OLDEST:
        return None
    found_version = said.get("gitVersion", "of unknown version")
    return f"the cluster is Kubernetes {found_version}: use {OLDEST[0]}.{OLDEST[1]} or later"


def lacking(denied: Iterable[str]) -> str | None:
    """A sentence about rights that are missing, or None."""
    missing = ", ".join(denied)
    return f"rights are missing in the cluster: {missing}; ask its owner for them" if missing else None


def images(context: str, names: Iterable[str]) -> dict[str, str]:
    """The tag of each image in the cluster, by its name in a system.

    Raises:
        RuntimeUnavailable: one is missing; names the command that loads it.
    """
    there = listed(context)
    return {f"brownout/{name}": _image(name, there) for name in sorted(names)}


def listed(context: str) -> set[str]:
    """The images that every node says it has; a node tells of new ones within some seconds.

    Raises:
        PlatformBroken: the cluster is away.
    """
    with cluster.talking("looking for images"):
        nodes = cluster.call(context, "GET", "/api/v1/nodes")["items"]
    every = [set(_tags(node)) for node in nodes if not node["spec"].get("unschedulable")]
    return set.intersection(*every) if every else set()


def _tags(node: dict[str, Any]) -> list[str]:
    names = [name for image in node["status"].get("images", ()) for name in image.get("names") or ()]
    return [name.removeprefix("docker.io/").removeprefix("localhost/") for name in names]


def _image(name: str, there: set[str]) -> str:
    try:
        wanted = tags.candidates(name)
    except FileNotFoundError:
        raise RuntimeUnavailable(f"there is no image brownout/{name}: see the folders of infra/images") from None
    found = [tag for tag in wanted if tag in there]
    if not found:
        raise RuntimeUnavailable(
            f"the image brownout/{name} is not in the cluster: run `make images` and then `make cluster-images`"
        )
    return found[0]


def _denied(context: str, needed: Iterable[Right]) -> list[str]:
    asked = [(group, kind, verb) for group, kind, verbs in needed for verb in verbs.split()]
    with ThreadPoolExecutor(max_workers=6) as pool:
        allowed = pool.map(lambda right: _allowed(context, *right), asked)
        return [f"{verb} {kind}" for (_, kind, verb), yes in zip(asked, allowed, strict=True) if not yes]


def _allowed(context: str, group: str, kind: str, verb: str) -> bool:
    resource, _, sub = kind.partition("/")
    attributes = {"group": group, "resource": resource, "subresource": sub, "verb": verb}
    body = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
    with cluster.talking("asking for our rights"):
        answer = cluster.call(context, "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body)
    return bool(answer["status"].get("allowed"))
