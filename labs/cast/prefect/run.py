"""Prefect's server over SQLite, ready in as little time as its imports take. See README.md.

Environment: LISTEN (host:port), DATA_DIR (optional: where the database is kept); any PREFECT_ setting goes before ours.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).with_name("schema.sql")
SERVICES_OFF = (
    "CANCELLATION_CLEANUP", "EVENT_LOGGER", "EVENT_PERSISTER", "FOREMAN", "LATE_RUNS", "PAUSE_EXPIRATIONS", "SCHEDULER",
    "TASK_RUN_RECORDER", "TRIGGERS",
)  # fmt: skip
READS = ("GET", "HEAD", "OPTIONS")

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]


def made_for() -> str:
    """The version of Prefect whose database schema.sql holds."""
    with SCHEMA.open("r", encoding="utf-8") as file:
        return file.readline().removeprefix("-- prefect ").strip()


def prepare(folder: Path) -> dict[str, str]:
    """Put the database there, if it is not, and return the settings that go with it.

    With another version of Prefect than the schema's, its own migrations make the database (10 s).
    """
    database = folder / "prefect.db"
    known = made_for() == version("prefect")
    if known and not database.exists():
        draft = folder / "prefect.part"
        draft.unlink(missing_ok=True)
        connection = sqlite3.connect(draft)
        connection.executescript(SCHEMA.read_text("utf-8"))
        connection.close()
        draft.replace(database)
    return {
        "PREFECT_HOME": str(folder),
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{database}",
        "PREFECT_API_DATABASE_MIGRATE_ON_START": "false" if known else "true",
        "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
        "DO_NOT_TRACK": "1",
        **{f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in SERVICES_OFF},
    }


def one_writer(app: App) -> App:
    """The application with at most one request under way that may write.

    SQLite takes one writer. Left to meet there, they are answered 503 at once, and clients come back after seconds.
    """
    turn = asyncio.Lock()

    async def run(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] in READS:
            return await app(scope, receive, send)
        async with turn:
            return await app(scope, receive, send)

    return run


def main() -> None:
    """Serve until a signal."""
    folder = Path(os.environ.get("DATA_DIR") or tempfile.mkdtemp(prefix="prefect-"))
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in prepare(folder).items():
        os.environ.setdefault(name, value)
    gc.set_threshold(
        20_000, 10, 100
    )  # what is imported stays: looking through it for garbage was a seventh of the start
    from common.serve import serve
    from prefect.server.api.server import create_app

    app = one_writer(create_app(final=True))
    gc.collect()
    gc.freeze()
    serve({os.environ["LISTEN"]: app}, lifespan="auto")


if __name__ == "__main__":
    main()
