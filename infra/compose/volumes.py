"""Scratch volumes that the services' unprivileged user may write. A candidate's code can fill none without bound."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping, Sequence
from typing import Any

from infra.compose.daemon import client, talking
from infra.images.tags import USER

MOST_BYTES, MOST_FILES = 128 << 20, 8192
"""Of a bounded volume. What is on it counts as memory of the service that wrote it."""

_TMPFS = f"size={MOST_BYTES},nr_inodes={MOST_FILES},uid={USER},gid={USER},mode=0755"


def make(names: Sequence[str], bounded: Sequence[str], image: str, labels: Mapping[str, str]) -> None:
    """Make empty volumes that belong to the services' user.

    Args:
        names: of all volumes.
        bounded: those that hold MOST_BYTES and MOST_FILES at most, in memory. A container that does nothing keeps them
            mounted: Docker forgets what is in them when the last container that mounts them ends.
        image: for the containers that this needs.
        labels: put on everything.

    Raises:
        PlatformBroken: the daemon failed.
    """
    if not names:
        return
    api = client()
    with talking("making volumes"):
        for name in names:
            options = {"type": "tmpfs", "device": "tmpfs", "o": _TMPFS} if name in bounded else {}
            api.create_volume(name, driver="local", driver_opts=options, labels=dict(labels))
        if bounded:
            api.start(_container(api, image, ["sleep", "infinity"], bounded, "ro", labels))
        if plain := [name for name in names if name not in bounded]:
            _own(api, image, plain, labels)


def _own(api: Any, image: str, names: Sequence[str], labels: Mapping[str, str]) -> None:
    """A container that is never started mounts them, and an archive of their folders, with owner, is unpacked in it."""
    helper = _container(api, image, ["true"], names, "rw,nocopy", labels)
    try:
        api.put_archive(helper, "/", _archive([f"v{number}" for number in range(len(names))]))
    finally:
        api.remove_container(helper, force=True)


def _container(
    api: Any, image: str, command: list[str], names: Sequence[str], mode: str, labels: Mapping[str, str]
) -> str:
    config = api.create_host_config(
        binds=[f"{name}:/v{number}:{mode}" for number, name in enumerate(names)],
        network_mode="none",
        cap_drop=["ALL"],
        security_opt=["no-new-privileges:true"],
        read_only=command != ["true"],
        mem_limit=16 << 20,
        pids_limit=8,
    )
    made = api.create_container(image, command, user=f"{USER}:{USER}", labels=dict(labels), host_config=config)
    return str(made["Id"])


def _archive(folders: Sequence[str]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for folder in folders:
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode, entry.uid, entry.gid = tarfile.DIRTYPE, 0o755, USER, USER
            archive.addfile(entry)
    return packed.getvalue()
