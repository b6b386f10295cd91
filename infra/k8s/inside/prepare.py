"""Before a service's container: unpack its code, and wait until the pod is seen to be closed in.

    prepare.py PARTS_FOLDER TARGET [guarded]

A new pod is open until its network policies act. The cluster's own API server answers every pod that no policy holds,
and no pod of ours may reach it: the wait is over when it cannot be reached. Nothing is sent to it. Exit code 7: it
could still be reached after GUARD_S seconds, so that this cluster enforces no policies.
"""

import os
import socket
import sys
import time
from pathlib import Path

import tree

GUARD_S, CONNECT_S = 25.0, 1.5
STILL_OPEN = 7


def main():
    parts, target, *guarded = sys.argv[1:]
    packed = b"".join(path.read_bytes() for path in sorted(Path(parts).glob("part-*")))
    if packed:
        tree.unpack(packed, target)
    if guarded:
        await_closed(os.environ["KUBERNETES_SERVICE_HOST"], int(os.environ["KUBERNETES_SERVICE_PORT"]))


def await_closed(host, port):
    give_up = time.monotonic() + GUARD_S
    while _open(host, port):
        if time.monotonic() > give_up:
            sys.exit(STILL_OPEN)
        time.sleep(0.05)


def _open(host, port):
    try:
        socket.create_connection((host, port), CONNECT_S).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
