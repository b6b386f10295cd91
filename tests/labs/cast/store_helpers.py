"""The sealed stores as real processes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import valkey

from infra.images.venvs import environment
from tests.labs.ports import free_port
from tests.waiting import eventually

CAST = Path(__file__).resolve().parents[3] / "labs" / "cast"
SEEDS = Path(__file__).parent / "systems" / "stores" / "seeds"
PASSWORD = "of the 'test'"


def command(store: str) -> list[str]:
    """What starts a store."""
    return [str(environment("store") / "bin" / "python"), str(CAST / store / "run.py")]


def ports() -> dict[str, str]:
    """LISTEN and HEALTH on free ports."""
    return {key: f"127.0.0.1:{free_port()}" for key in ("LISTEN", "HEALTH")}


def for_postgres(data: Path, **more: str) -> dict[str, str]:
    """Settings of a PostgreSQL with the test's seeds."""
    account = {"POSTGRES_USER": "shop", "POSTGRES_PASSWORD": PASSWORD}
    return {**ports(), **account, "DATA_DIR": str(data), "SEED_DIR": str(SEEDS), "BROWNOUT_TOKEN": "secret", **more}


def for_valkey(**more: str) -> dict[str, str]:
    """Settings of a Valkey."""
    return {**ports(), "VALKEY_PASSWORD": PASSWORD, "BROWNOUT_TOKEN": "secret", **more}


def refusal(store: str, settings: dict[str, str]) -> str:
    """What a store says that does not start."""
    done = subprocess.run(command(store), env={**os.environ, **settings}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    return done.stderr


def healthy(settings: dict[str, str]) -> bool:
    """What its health page says."""
    try:
        return httpx.get(f"http://{settings['HEALTH']}/", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


@contextmanager
def running(
    store: str, settings: dict[str, str], started: list[str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a store until the end of the block, ready at its beginning; killed if it still runs."""
    process = subprocess.Popen(started or command(store), env={**os.environ, **settings})

    def ready() -> bool:
        assert process.poll() is None, f"{store} ended"
        return healthy(settings)

    try:
        eventually(ready)
        yield process
    finally:
        process.kill()
        process.wait()
        eventually(lambda: not _listens(settings["HEALTH"]))


def _listens(address: str) -> bool:
    try:
        httpx.get(f"http://{address}/", trust_env=False)
    except httpx.ConnectError:
        return False
    except httpx.HTTPError:
        return True
    return True


def session(address: str, password: str = PASSWORD, **more: Any) -> psycopg.Connection[Any]:
    """A session of the account, each statement its own transaction."""
    host, _, port = address.rpartition(":")
    asked = {"user": "shop", "dbname": "shop", "autocommit": True, "connect_timeout": 20, **more}
    return psycopg.connect(host=host, port=int(port), password=password, **asked)


def cache(address: str, password: str = PASSWORD) -> valkey.Valkey:
    """A client of Valkey."""
    host, _, port = address.rpartition(":")
    return valkey.Valkey(host=host, port=int(port), password=password, socket_timeout=20)
