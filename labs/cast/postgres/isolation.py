"""PostgreSQL refuses to run as root, and what it shares between its processes outlives a kill: both are settled here.

On Linux the process enters a user and an IPC namespace of its own: root is seen as `nobody` there (and still owns its
files outside), and System V shared memory goes with the last process, so that no kill leaves any behind. A container
that forbids this has an IPC namespace already.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import sys
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWIPC = 0x10000000, 0x08000000
NOBODY = 65534


def isolate() -> bool:
    """Enter namespaces of one's own; whether that was possible. Afterwards nothing in here is root."""
    user, group = os.geteuid(), os.getegid()
    if sys.platform != "linux" or ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWIPC) != 0:
        return False
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user or NOBODY} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group or NOBODY} {group} 1")
    return True


def as_nobody(folder: Path) -> None:
    """Give a folder and all in it to `nobody`, and become that user (root only)."""
    nobody = pwd.getpwnam("nobody")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
