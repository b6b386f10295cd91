"""Puts the shared images into the cluster: `python -m infra.k8s.load [NAME...]` (all without a name).

A kind cluster (context `kind-<name>`) is loaded by `kind load`. For another, `BROWNOUT_CLUSTER_LOAD` is the command
that takes an archive of `docker save`, whose path is put behind it. Images that the cluster lists are left alone.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from infra.errors import InfraError, RuntimeUnavailable
from infra.images import tags
from infra.images.build import exists, say
from infra.k8s import check, cluster

LOAD = "BROWNOUT_CLUSTER_LOAD"
KIND = "kind-"
LISTED_S = 120.0


def load(names: Sequence[str]) -> None:
    """Load those that are missing.

    Raises:
        RuntimeUnavailable: no cluster, an image that was not built, or no way to load one; says what to do.
    """
    context = cluster.context()
    there = check.listed(context)
    missing = [image for image in map(_built, names) if image not in there]
    if not missing:
        return
    say(f"loading {', '.join(missing)} into {context}")
    _load(context, missing)
    _await(context, missing)


def kind_command(context: str, images: Sequence[str]) -> list[str]:
    """How kind takes images from Docker."""
    return ["kind", "load", "docker-image", *images, "--name", context.removeprefix(KIND)]


def _built(name: str) -> str:
    image = next(filter(exists, tags.candidates(name)), None)
    if image is None:
        raise RuntimeUnavailable(f"the image brownout/{name} is not built: run `make images`")
    return image


def _load(context: str, images: Sequence[str]) -> None:
    """All at once: most of an image is layers that others have as well, and one archive holds each layer once."""
    if context.startswith(KIND):
        _run(kind_command(context, images))
        return
    command = os.environ.get(LOAD)
    if not command:
        raise RuntimeUnavailable(
            f"the cluster of context {context} is not kind's: set {LOAD} to the command that loads an archive of "
            f"`docker save` into it, or bring {', '.join(images)} there by your registry"
        )
    with tempfile.TemporaryDirectory(prefix="brownout-load-") as folder:
        archive = str(Path(folder) / "images.tar")
        _run(["docker", "save", "--output", archive, *images])
        _run([*shlex.split(command), archive])


def _await(context: str, images: Sequence[str]) -> None:
    """Until every node tells of each."""
    give_up = time.monotonic() + LISTED_S
    while unlisted := [image for image in images if image not in check.listed(context)]:
        if time.monotonic() > give_up:
            raise RuntimeUnavailable(
                f"{', '.join(unlisted)} was loaded, but some node does not list it: load it on every node"
            )
        time.sleep(1.0)


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, stdout=sys.stderr)
    except FileNotFoundError:
        raise RuntimeUnavailable(f"the command {command[0]} is not installed") from None
    if done.returncode != 0:
        raise RuntimeUnavailable(f"`{shlex.join(command)}` failed with code {done.returncode}; its output says why")


def main() -> int:
    """Exit code 0 when every image is there, 1 when one could not be loaded."""
    try:
        load(sys.argv[1:] or tags.names())
    except InfraError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
