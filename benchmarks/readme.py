"""The tables of README.md and docs/attacks.md, docs/margins.md, docs/power.md and their CSV files; as `make readme`:
`.venv/bin/python -m benchmarks.readme --write`."""

from __future__ import annotations

import argparse

from benchmarks import attacks, catalogue, margins, power, summary
from benchmarks.machine import ROOT, main
from benchmarks.tables import publish

README = ROOT / "README.md"
TABLES = {"labs": catalogue.text, "proof": summary.text}
"""What writes each table, by its place."""


def command() -> int:
    """Print the tables, and write all if asked; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.readme", description="The tables of README.md, margins.md and power.md."
    )
    parser.add_argument("--write", action="store_true", help="put them into their places")
    write = parser.parse_args().write
    for name, text in TABLES.items():
        publish(name, text(), write, README)
    for name, made in attacks.texts().items():
        publish(name, made, write, attacks.PAGE)
    if write:
        margins.write()
        power.write()
    return 0


if __name__ == "__main__":
    main(command)
