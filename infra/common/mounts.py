"""What a candidate's files must be before they are mounted: there, inside their folder, and readable."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.errors import ServiceFailed, SystemRefused
from infra.system import Mount, Service, System

NO_SUCH_FILE = 127


def check(system: System, open_root: Path | None) -> None:
    """Check every mount.

    Raises:
        ServiceFailed: an open file is missing, or a link leads out of `open_root`.
        SystemRefused: something may not be read by the services' user.
    """
    for service in system.services.values():
        for mount in service.mounts:
            _check_one(system, service, mount, open_root)


def _check_one(system: System, service: Service, mount: Mount, open_root: Path | None) -> None:
    path = source(system, mount, open_root)
    if mount.open and open_root is not None:
        root = open_root.resolve()
        if not path.exists():
            raise ServiceFailed(service.name, NO_SUCH_FILE, f"{path.name} is missing: {mount.target} needs it")
        if not path.resolve().is_relative_to(root):
            raise ServiceFailed(service.name, NO_SUCH_FILE, f"{path.name} is a link that leads out of the open files")
    for hidden in _unreadable(path):
        raise SystemRefused(f"service {service.name} may not read {hidden}: run `chmod -R o+rX {path}`")


def _unreadable(path: Path) -> Iterator[Path]:
    """Files and folders that other users may not read; none where Docker Desktop maps the owners."""
    if sys.platform != "linux":
        return
    for entry in [path, *(path.rglob("*") if path.is_dir() else ())]:
        mode = entry.lstat().st_mode
        needed = stat.S_IROTH | (stat.S_IXOTH if stat.S_ISDIR(mode) else 0)
        if not stat.S_ISLNK(mode) and mode & needed != needed:
            yield entry


def source(system: System, mount: Mount, open_root: Path | None) -> Path:
    """The file or folder that is mounted: an open one comes from `open_root`, if there is one."""
    if open_root is None or not mount.open:
        return mount.source
    return open_root / mount.source.relative_to(system.root)
