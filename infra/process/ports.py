"""Free loopback ports, chosen below the range from which the kernel serves outgoing connections."""

from __future__ import annotations

import random
import re
import socket
from collections.abc import Collection
from pathlib import Path

from infra.errors import PlatformBroken
from infra.process.rewrite import LOOPBACK

FIRST = 20000
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def choose(count: int, taken: Collection[int], name: str = "") -> list[int]:
    """Distinct free ports on 127.0.0.1, none of them in `taken`. They are only looked at, not held.

    With a `name` they are the same for it each time, where nobody listens on them; connections that linger on one do
    not count then.

    Raises:
        PlatformBroken: not that many are free.
    """
    last = _last()
    order = random.Random(f"ports:{name}") if name else random.SystemRandom()
    candidates = order.sample(range(FIRST, last), last - FIRST)
    found: list[int] = []
    for port in candidates:
        if len(found) == count:
            break
        if port not in taken and (not is_taken(port) if name else is_free(port)):
            found.append(port)
    if len(found) < count:
        raise PlatformBroken(f"no {count} free ports between {FIRST} and {last}: stop what holds them")
    return found


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def is_taken(port: int) -> bool:
    """Whether somebody listens on this port of 127.0.0.1 now; connections that linger do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen()
        except OSError:
            return True
    return False


def lost(log_tail: str) -> bool:
    """Whether a server's last words say that its port was taken."""
    return re.search(r"address already in use|EADDRINUSE|errno (98|48)\b", log_tail, re.IGNORECASE) is not None


def _last() -> int:
    try:
        first_ephemeral = int(_RANGE.read_text("ascii").split()[0])
    except (OSError, ValueError):
        first_ephemeral = 32768
    return first_ephemeral if first_ephemeral > FIRST + 1000 else 60000
