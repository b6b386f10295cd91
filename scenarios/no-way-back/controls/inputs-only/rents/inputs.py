"""What releases were made from, in a database: with it any of them can be made again."""

import json
import os
import sqlite3

DATABASE = sqlite3.connect(os.path.join(os.environ["DATA_DIR"], "releases.db"), isolation_level=None)
DATABASE.executescript(
    """
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS releases (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        table_text TEXT NOT NULL, table_sha256 TEXT NOT NULL,
        code TEXT NOT NULL, params TEXT NOT NULL, parts TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS live (one INTEGER PRIMARY KEY CHECK (one = 1), id INTEGER NOT NULL);
    """
)


def add(table, table_sha256, code, params, parts):
    """One more release, which is live from now on; its number."""
    DATABASE.execute("BEGIN IMMEDIATE")
    given = (table, table_sha256, code, json.dumps(params), json.dumps(parts))
    number = DATABASE.execute(
        "INSERT INTO releases (table_text, table_sha256, code, params, parts) VALUES (?, ?, ?, ?, ?)", given
    ).lastrowid
    set_live(number)
    DATABASE.execute("COMMIT")
    return number


def set_live(number):
    DATABASE.execute("INSERT OR REPLACE INTO live VALUES (1, ?)", (number,))


def live():
    """The number of what is live, or None."""
    row = DATABASE.execute("SELECT id FROM live").fetchone()
    return row[0] if row else None


def of(number):
    """Table, its digest, code, parameters and the digests of the parts; None if there is no such release."""
    row = DATABASE.execute(
        "SELECT table_text, table_sha256, code, params, parts FROM releases WHERE id = ?", (number,)
    ).fetchone()
    return row and (row[0], row[1], row[2], json.loads(row[3]), json.loads(row[4]))
