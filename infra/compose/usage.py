"""What containers use: read from one sample of the daemon, on cgroup v1 and v2. Pure but for `of`."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from infra.compose.containers import Container
from infra.compose.daemon import client, talking
from infra.runtime import Stats


def of(containers: Iterable[Container]) -> dict[str, Stats]:
    """Use of each service, summed over its replicas that are up.

    Raises:
        PlatformBroken: the daemon failed.
    """
    running = [container for container in containers if container.up and container.service]  # one holds the volumes
    with ThreadPoolExecutor(max_workers=max(1, len(running))) as pool:
        samples = list(pool.map(_sample, running))
    total: dict[str, Stats] = {}
    for container, sample in zip(running, samples, strict=True):
        if sample is not None:
            total[container.service] = add(total.get(container.service, Stats(0, 0.0, 0)), sample)
    return total


def add(one: Stats, other: Stats) -> Stats:
    """Both together."""
    return Stats(
        memory_bytes=one.memory_bytes + other.memory_bytes,
        cpu_seconds=one.cpu_seconds + other.cpu_seconds,
        processes=one.processes + other.processes,
    )


def memory(sample: dict[str, Any]) -> int:
    """Resident memory in bytes: `total_rss` on cgroup v1, `anon` on v2; the page cache does not count."""
    details = sample.get("memory_stats", {}).get("stats", {})
    for key in ("total_rss", "rss", "anon"):
        if key in details:
            return int(details[key])
    return int(sample.get("memory_stats", {}).get("usage", 0))


def cpu_seconds(sample: dict[str, Any]) -> float:
    """CPU time since the container's start, in seconds."""
    return float(sample.get("cpu_stats", {}).get("cpu_usage", {}).get("total_usage", 0)) / 1e9


def _sample(container: Container) -> Stats | None:
    """None for a container that ended meanwhile."""
    from docker.errors import APIError

    api = client()
    with talking(f"measuring service {container.service}"):
        sample: dict[str, Any] = api.stats(container.id, stream=False, one_shot=True)
        try:
            listing = api.top(container.id, "-eo pid,comm")["Processes"] or []
        except APIError as error:
            if error.status_code in (404, 409):
                return None
            raise
    processes = sum(1 for row in listing if row[-1] != "docker-init")
    return Stats(memory(sample), cpu_seconds(sample), processes)
