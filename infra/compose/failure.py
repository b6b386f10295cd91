"""What Docker's words mean. Pure functions from captured text to our errors; everything foreign is told apart here."""

from __future__ import annotations

import re

from infra.errors import InfraError, PlatformBroken, RuntimeUnavailable

SIGNAL_BASE = 128
HIGHEST_SIGNAL = 64


class PortTaken(PlatformBroken):
    """Another program took the port that was chosen for a service."""


_PORT = re.compile(r"port is already allocated|address already in use|ports are not available", re.I)
_POOL = re.compile(r"could not find an available, non-overlapping|address pools have been fully subnetted", re.I)
_OVERLAP = re.compile(r"pool overlaps with other one|networks have overlapping", re.I)
_IMAGE = re.compile(r"no such image|pull access denied|image .* not found locally", re.I)
_DYING = re.compile(r"did not receive an exit event", re.I)
_MOUNT = re.compile(r"bind source path does not exist|error mounting .* to rootfs .* not a directory", re.I)


def exit_code(docker_code: int) -> int:
    """Docker's exit code as ours: 128 + n, the end by signal n, becomes -n (137 -> -9)."""
    if SIGNAL_BASE < docker_code <= SIGNAL_BASE + HIGHEST_SIGNAL:
        return SIGNAL_BASE - docker_code
    return docker_code


def dying(message: str) -> bool:
    """Whether a container was killed and has not ended in the time that Docker gives it."""
    return bool(_DYING.search(message))


def taken_by_another(message: str) -> bool:
    """Whether a network was refused for a subnet that another one has."""
    return bool(_OVERLAP.search(message))


def mount_gone(message: str) -> bool:
    """Whether a container could not start for want of a mounted file."""
    return bool(_MOUNT.search(message))


def trouble(message: str, doing: str) -> InfraError:
    """The error for what the daemon or `docker compose` said while `doing` something. Never a candidate's fault."""
    last = (message.strip().splitlines() or ["no reason given"])[-1][:300]
    if _PORT.search(message):
        return PortTaken(f"{doing}: {last}; another program took the port, try again")
    if _POOL.search(message):
        return PlatformBroken(
            f"{doing}: Docker has no free network left: stop other deployments (`docker network ls`), run fewer "
            "at once, or widen `default-address-pools` in Docker's daemon.json"
        )
    if _IMAGE.search(message):
        return RuntimeUnavailable(f"{doing}: an image is missing: run `make images` ({last})")
    return PlatformBroken(f"{doing}: {last}")
