"""Scratch volumes that the services' unprivileged user may write. No code can fill one without bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from infra.compose.daemon import client, talking
from infra.images.tags import USER

OPEN_BYTES, SEALED_BYTES = 128 << 20, 512 << 20
"""Of a volume that a candidate's code mounts, and of one that only sealed services do, which may be ordered to write.
What is on it counts as memory of the service that wrote it."""

MOST_FILES = 8192


def make(sizes: Mapping[str, int], image: str, labels: Mapping[str, str]) -> None:
    """Make empty volumes that belong to the services' user, in memory. A container that does nothing keeps them
    mounted: Docker forgets what is in them when the last container that mounts them ends.

    Args:
        sizes: what each holds at most, in bytes.
        image: for that container.
        labels: put on everything.

    Raises:
        PlatformBroken: the daemon failed.
    """
    if not sizes:
        return
    api = client()
    with talking("making volumes"):
        for name, size in sizes.items():
            options = f"size={size},nr_inodes={MOST_FILES},uid={USER},gid={USER},mode=0755"
            tmpfs = {"type": "tmpfs", "device": "tmpfs", "o": options}
            api.create_volume(name, driver="local", driver_opts=tmpfs, labels=dict(labels))
        api.start(_holder(api, image, list(sizes), labels))


def _holder(api: Any, image: str, names: Sequence[str], labels: Mapping[str, str]) -> str:
    config = api.create_host_config(
        binds=[f"{name}:/v{number}:ro" for number, name in enumerate(names)],
        network_mode="none",
        cap_drop=["ALL"],
        security_opt=["no-new-privileges:true"],
        read_only=True,
        mem_limit=16 << 20,
        pids_limit=8,
    )
    command, user = ["sleep", "infinity"], f"{USER}:{USER}"
    return str(api.create_container(image, command, user=user, labels=dict(labels), host_config=config)["Id"])
