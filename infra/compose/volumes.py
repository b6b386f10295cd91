"""Scratch volumes that the services' unprivileged user may write, made without starting anything."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping, Sequence

from infra.compose.daemon import client, talking
from infra.images.tags import USER


def make(names: Sequence[str], image: str, labels: Mapping[str, str]) -> None:
    """Make empty volumes that belong to the services' user.

    A container that is never started mounts them all, and an archive of their folders, with owner, is unpacked in it.

    Raises:
        PlatformBroken: the daemon failed.
    """
    if not names:
        return
    api = client()
    with talking("making volumes"):
        for name in names:
            api.create_volume(name, labels=dict(labels))
        folders = {name: f"v{number}" for number, name in enumerate(names)}
        binds = [f"{name}:/{folder}:rw,nocopy" for name, folder in folders.items()]
        helper = api.create_container(
            image, ["true"], labels=dict(labels), host_config=api.create_host_config(binds=binds, network_mode="none")
        )["Id"]
        try:
            api.put_archive(helper, "/", _archive(list(folders.values())))
        finally:
            api.remove_container(helper, force=True)


def _archive(folders: Sequence[str]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for folder in folders:
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode, entry.uid, entry.gid = tarfile.DIRTYPE, 0o755, USER, USER
            archive.addfile(entry)
    return packed.getvalue()
