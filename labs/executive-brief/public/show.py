"""Writes a public month as a DuckDB file, to look around in, and what is true of it: `show.py 3 /tmp/month.db`.

With a third argument, the folder of your code, it writes your brief as well.
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

from months import month  # noqa: E402  (it lies beside us)

if __name__ == "__main__":
    plan = json.loads((LAB / "public" / "plan.json").read_text("utf-8"))
    made = month(plan["seed"], plan["cases"][int(sys.argv[1]) - 1])
    Path(sys.argv[2]).unlink(missing_ok=True)
    case = duckdb.connect(sys.argv[2])
    case.execute("SET TimeZone = 'UTC'")
    for name, table in made.tables.items():
        with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
            file.write(table)
            file.flush()
            case.execute(f'CREATE TABLE "{name}" AS FROM read_parquet(?)', [file.name])
    print({**made.truths, "doubt": round(made.trade.doubt)}, file=sys.stderr)
    if sys.argv[3:]:
        sys.path.insert(0, sys.argv[3])
        print(importlib.import_module("write").write(case))
