"""Writes a public incident as a DuckDB file, to look around in, and what is true of it: `show.py 1 /tmp/evening.db`.

With a third argument, the folder of your code, it prints your review as well. Code that uses `.df()` needs pandas:
where that is missing here, `lab start` has it.
"""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
from pathlib import Path

import duckdb

LAB = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(LAB / "world"), str(LAB.parent / "cast" / "lib")]

from cited.twins import parquets  # noqa: E402
from incidents import made  # noqa: E402  (it lies beside us)
from judge import short, truths  # noqa: E402

if __name__ == "__main__":
    plan = json.loads((LAB / "public" / "plan.json").read_text("utf-8"))
    incident = made(plan["seed"], plan["cases"][int(sys.argv[1]) - 1])
    Path(sys.argv[2]).unlink(missing_ok=True)
    case = duckdb.connect(sys.argv[2], config={"threads": 1})
    case.execute("SET TimeZone = 'UTC'")
    for name, table in parquets(incident.tables).items():
        with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
            file.write(table)
            file.flush()
            case.execute(f'CREATE TABLE "{name}" AS FROM read_parquet(?)', [file.name])
    for claim, value in truths(incident.truth).items():
        print(f"{claim}: {short(value)}", file=sys.stderr)
    if sys.argv[3:]:
        for world in ("judge", "pages", "pictures", "changes", "rest", "scene", "truth", "world"):
            sys.modules.pop(world, None)  # so that a module of yours may have such a name
        sys.path.insert(0, sys.argv[3])
        print(importlib.import_module("write").write(case))
