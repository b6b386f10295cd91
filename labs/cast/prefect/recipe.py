"""Makes schema.sql, the database that Prefect's migrations make: run it with the Python of the image `flows`.

`python recipe.py` writes it beside this file; do so when the image's lock gets another Prefect.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import tempfile
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent


def dump(database: Path) -> str:
    """The database as SQL, in the form that schema.sql has."""
    connection = sqlite3.connect(database)
    try:
        return f"-- prefect {version('prefect')}\n" + "\n".join(connection.iterdump()) + "\n"
    finally:
        connection.close()


def main() -> None:
    """Migrate an empty database and write it down."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "prefect.db"
        os.environ["PREFECT_HOME"] = folder
        os.environ["PREFECT_API_DATABASE_CONNECTION_URL"] = f"sqlite+aiosqlite:///{database}"
        from prefect.server.database import provide_database_interface

        asyncio.run(provide_database_interface().create_db())
        (HERE / "schema.sql").write_text(dump(database), "utf-8")


if __name__ == "__main__":
    main()
