"""Memory and CPU from the daemon's samples."""

from __future__ import annotations

from infra.compose.usage import add, cpu_seconds, memory
from infra.runtime import Stats


def test_memory_on_cgroup_v1_leaves_the_page_cache_out() -> None:
    assert memory({"memory_stats": {"usage": 900, "stats": {"total_rss": 500, "rss": 400, "cache": 400}}}) == 500


def test_memory_on_cgroup_v2() -> None:
    assert memory({"memory_stats": {"usage": 900, "stats": {"anon": 600, "file": 300}}}) == 600


def test_memory_without_details_is_the_whole() -> None:
    assert memory({"memory_stats": {"usage": 900}}) == 900


def test_cpu_time_is_in_seconds() -> None:
    assert cpu_seconds({"cpu_stats": {"cpu_usage": {"total_usage": 2_500_000_000}}}) == 2.5


def test_replicas_are_summed() -> None:
    assert add(Stats(1, 0.5, 2), Stats(2, 1.0, 3)) == Stats(3, 1.5, 5)
