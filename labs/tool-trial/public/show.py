"""Writes the tables of one public trial as Parquet (`show.py 3 [FOLDER]`), or prints the record that your code makes of
it (`show.py 3 record [CODE]`). CODE is the folder of your workspace, if nothing is said. It runs
where river is: in the lab's own image, if your Python has none."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

LAB = Path(__file__).resolve().parents[1]
HOME = LAB.parents[1]
sys.path[:0] = [str(LAB / "world"), str(LAB.parent / "cast" / "lib")]


def files(folder: Path, tables: dict[str, bytes]) -> None:
    """Each table as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in tables.items():
        (folder / f"{name}.parquet").write_bytes(data)


def record(tables: dict[str, bytes], code: str) -> str:
    """What some code makes of the tables; its results.csv is gone afterwards."""
    import duckdb

    case = duckdb.connect(config={"threads": 1})
    sys.path.insert(0, code)
    with tempfile.TemporaryDirectory() as folder:
        files(Path(folder), tables)
        for name in tables:
            case.execute(f'CREATE TABLE "{name}" AS FROM read_parquet(?)', [f"{folder}/{name}.parquet"])
        os.chdir(folder)
        for file in (LAB / "world").glob("*.py"):
            sys.modules.pop(file.stem, None)  # the code brings modules of its own
        from write import write

        return str(write(case))


def main(number: int, what: str, code: str) -> None:
    """As the module says."""
    from cited.twins import parquets
    from trials import made

    plan = json.loads((LAB / "public" / "plan.json").read_text("utf-8"))
    trial = made(plan["seed"], plan["cases"][number - 1])
    tables = parquets(trial.tables)
    if what == "record":
        print(record(tables, code))
    else:
        files(Path(what), tables)
        print(f"{what}: {', '.join(tables)}")


if __name__ == "__main__":
    images = sorted((HOME / ".brownout" / "images").glob("papers-*/bin/python"))
    if find_spec("river") is None and images:
        os.execv(images[-1], [str(images[-1]), *sys.argv])
    edited = HOME / "work" / LAB.name / "trial"
    given = dict(enumerate(sys.argv))
    folder = str(edited if edited.exists() else LAB / "trial")
    main(int(sys.argv[1]), given.get(2, f"trial-{sys.argv[1]}"), str(Path(given.get(3, folder)).resolve()))
