"""Making a cluster: initdb, one account with its database and pgvector in it, and the lab's seeds."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SUPERUSER = "brownout"
LONGEST_SOCKET_FOLDER = 80
UP_WITHIN_S = 20.0
CLAIMED_WITHIN_S = 5.0
STATE = "postmaster.pid"
HBA = f"""\
local all all trust
host all {SUPERUSER} all reject
host all all all scram-sha-256
"""
ACCOUNT = r"""
\getenv name ACCOUNT_NAME
\getenv password ACCOUNT_PASSWORD
\getenv database ACCOUNT_DATABASE
CREATE ROLE :"name" LOGIN PASSWORD :'password';
GRANT pg_monitor TO :"name";
CREATE DATABASE :"database" OWNER :"name";
\connect :"database"
CREATE EXTENSION vector;
"""


class ClusterFailed(Exception):
    """The cluster could not be made; the message says at which step, with the tool's own words."""


@dataclass(frozen=True)
class Account:
    """Whom the lab's services log in as: no superuser, owner of the database."""

    user: str
    password: str
    database: str


def make(binaries: Path, data: Path, account: Account, seeds: Path | None, environment: Mapping[str, str]) -> None:
    """Make a cluster, whole or not at all: what an earlier, interrupted try left is cleared.

    Args:
        binaries: folder of initdb, postgres and psql.
        data: the cluster's folder, which is not there yet.
        seeds: its *.sql are run in the order of their names, as the account; None for none.
        environment: of the tools.

    Raises:
        ClusterFailed: a tool failed; a seed's error names the file and the line.
    """
    draft = data.with_name(f"{data.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    command = [str(binaries / "initdb"), "-D", str(draft), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-sync"]
    command += ["--no-instructions", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    _run("initdb", command, environment)
    (draft / "pg_hba.conf").write_text(HBA)
    secrets = {
        "ACCOUNT_NAME": account.user,
        "ACCOUNT_PASSWORD": account.password,
        "ACCOUNT_DATABASE": account.database,
    }
    with _serving(binaries, draft, environment) as socket:
        psql = [str(binaries / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", str(socket)]
        _run("the account", [*psql, "-U", SUPERUSER, "-d", "postgres"], {**environment, **secrets}, ACCOUNT)
        for seed in sorted(seeds.glob("*.sql")) if seeds else ():
            _run(f"seed {seed.name}", [*psql, "-U", account.user, "-d", account.database, "-f", str(seed)], environment)
    draft.rename(data)


def claim(data: Path) -> None:
    """Hold the cluster for this process, what it becomes and what that forks; wait for the last of an earlier server.

    So a state file that an earlier server left is stale, even if its process number is in use again: it is removed.

    Raises:
        ClusterFailed: another server holds it.
    """
    lock = os.open(data.with_name("lock"), os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(lock, True)
    give_up = time.monotonic() + CLAIMED_WITHIN_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except OSError:
            if time.monotonic() > give_up:
                raise ClusterFailed(f"another server runs on {data}: stop it first") from None
            time.sleep(0.02)
    (data / STATE).unlink(missing_ok=True)


@contextmanager
def _serving(binaries: Path, data: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """A server that only this process can reach, through a socket in the folder that is returned."""
    parent = str(data.parent)
    if len(parent) > LONGEST_SOCKET_FOLDER:
        parent = "/tmp"  # noqa: S108 - a path of a socket has at most 107 bytes
    with tempfile.TemporaryDirectory(prefix="pg-", dir=parent) as folder:
        settings = ["listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "io_method=sync"]
        settings += ["dynamic_shared_memory_type=mmap", "log_min_messages=fatal", "shared_buffers=16MB"]
        command = [str(binaries / "postgres"), "-D", str(data), *(w for s in settings for w in ("-c", s))]
        server = subprocess.Popen(command, env=dict(environment))
        try:
            _await(server, data / STATE)
            yield Path(folder)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()


def _await(server: subprocess.Popen[bytes], state: Path) -> None:
    """Until the server writes `ready` as the last line of its state file."""
    give_up = time.monotonic() + UP_WITHIN_S
    while not (state.exists() and state.read_text().rstrip().endswith("ready")):
        if server.poll() is not None:
            raise ClusterFailed(f"the server that is to make the account ended with code {server.returncode}")
        if time.monotonic() > give_up:
            raise ClusterFailed(f"the server that is to make the account is not up after {UP_WITHIN_S:g} s")
        time.sleep(0.01)


def _run(what: str, command: list[str], environment: Mapping[str, str], text: str = "") -> None:
    done = subprocess.run(
        command, env=dict(environment), input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    )
    if done.returncode:
        raise ClusterFailed(f"{what} failed with code {done.returncode}: {done.stdout.strip()[-1000:]}")
