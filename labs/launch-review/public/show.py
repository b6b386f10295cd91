"""Writes the tables of one public launch as Parquet (`show.py 3 [FOLDER]`), or prints the review that your code makes
of it, and what is right (`show.py 3 review [CODE]`). CODE is the folder of your workspace, if nothing is said."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

LAB = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(LAB / "world"), str(LAB.parent / "cast" / "lib")]

import duckdb  # noqa: E402
from cited.twins import parquets  # noqa: E402
from launches import made  # noqa: E402  (it lies beside us)


def files(folder: Path, tables: dict[str, bytes]) -> None:
    """Each table as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in tables.items():
        (folder / f"{name}.parquet").write_bytes(data)


if __name__ == "__main__":
    plan = json.loads((LAB / "public" / "plan.json").read_text("utf-8"))
    launch = made(plan["seed"], plan["cases"][int(sys.argv[1]) - 1])
    tables = parquets(launch.tables)
    if sys.argv[2:3] != ["review"]:
        to = Path(sys.argv[2] if len(sys.argv) > 2 else f"launch-{sys.argv[1]}")
        files(to, tables)
        print(f"{to}: {', '.join(tables)}")
    else:
        edited = LAB.parents[1] / "work" / LAB.name / "review"
        code = sys.argv[3] if len(sys.argv) > 3 else str(edited if edited.exists() else LAB / "review")
        sys.path.insert(0, code)
        from write import write

        case = duckdb.connect(config={"threads": 1})
        with tempfile.TemporaryDirectory() as folder:
            files(Path(folder), tables)
            for name in tables:
                case.execute(f'CREATE TABLE "{name}" AS FROM read_parquet(?)', [f"{folder}/{name}.parquet"])
        print(write(case))
        truth = launch.truth
        print(f"right: {truth.decision}, for {', '.join(truth.holds) or 'no risk'}; {truth.figures}", file=sys.stderr)
