"""What a run of a document begins with, in the runner beside the candidate's code: the case's tables, in DuckDB.

It imports nothing of ours, so that no module of the candidate's is taken for one.
"""

from __future__ import annotations

import base64
import importlib
import os
from pathlib import Path

import duckdb

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def write(tables: list[str], folder: str, document: str) -> None:
    """Call the candidate's entry point (ENTRY, `module:function`) with a connection that has the tables, and keep what
    it returns.

    Args:
        tables: names; each is a file of Parquet in base64 in the folder.
        folder: where they are; it is gone when the candidate's code begins.
        document: the file to write.

    Raises:
        TypeError: what was returned is no text.
    """
    case = duckdb.connect(":memory:", config=_CONFIG)
    case.execute("SET TimeZone = 'UTC'")
    case.execute("SET enable_progress_bar = false")
    for table in tables:
        file = Path(folder) / table
        file.write_bytes(base64.b64decode(file.read_bytes()))
        case.execute(f'CREATE TABLE "{table}" AS FROM read_parquet(?)', [str(file)])
        file.unlink()
    Path(folder).rmdir()
    module, _, function = os.environ["ENTRY"].partition(":")
    written = getattr(importlib.import_module(module), function)(case)
    if not isinstance(written, str):
        raise TypeError(f"{function} has to return the document, a text, and not {type(written).__name__}")
    Path(document).write_text(written, "utf-8", newline="")
