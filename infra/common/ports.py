"""Free ports of this machine. Docker would draw new ones at every start of a container; ours stay the same."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Collection

from infra.errors import PlatformBroken

FIRST, LAST = 20000, 29999
"""Below the range that outgoing connections draw from, so that load never takes the port of a service that is down."""

_lock = threading.Lock()
_handed_out: set[int] = set()


def free_ports(count: int, taken: Collection[int], name: str = "") -> list[int]:
    """Ports on loopback that nobody listens on now, and that this process has not handed out before. With a `name` they
    are the same for it each time, where they are free.

    Raises:
        PlatformBroken: there are not enough.
    """
    with _lock:
        found: list[int] = []
        candidates = list(range(FIRST, LAST + 1))
        (random.Random(f"ports:{name}") if name else random).shuffle(candidates)
        for port in candidates:
            if len(found) == count:
                break
            if port not in taken and port not in _handed_out and is_free(port):
                found.append(port)
        if len(found) < count:
            raise PlatformBroken(f"no {count} free ports between {FIRST} and {LAST}: stop what holds them")
        _handed_out.update(found)
        return found


def give_back(ports: Collection[int]) -> None:
    """Ports of a deployment that has ended may be used again."""
    with _lock:
        _handed_out.difference_update(ports)


def is_free(port: int) -> bool:
    """Whether a service could listen on that port of loopback now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
