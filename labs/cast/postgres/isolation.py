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
PR_SET_PDEATHSIG, PR_GET_PDEATHSIG = 1, 2


class NoWay(Exception):
    """There is no user as whom the server can run; the message says what to do."""


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
    """Give a folder and all in it to `nobody`, and become that user (root only).

    Raises:
        NoWay: a folder above it is closed to others.
    """
    nobody = pwd.getpwnam("nobody")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    end_with_parent = _death_signal()
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
    if end_with_parent:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, end_with_parent, 0, 0, 0)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise NoWay(f"the server cannot be root, and nobody cannot reach {folder}: start it as another user")


def _death_signal() -> int:
    """The signal that comes when the parent dies, which a change of user clears; 0 for none."""
    found = ctypes.c_int(0)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_GET_PDEATHSIG, ctypes.byref(found), 0, 0, 0)
    return found.value
