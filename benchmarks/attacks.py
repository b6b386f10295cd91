"""The table of docs/attacks.md: of each lab how many attacks were tried, passed and were closed, from its own list.

A list has a table of its rounds, with the head `| round | tried | passed | closed |`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import ROOT
from benchmarks.tables import table
from grader.errors import BadInput

PAGE: Path = ROOT / "docs" / "attacks.md"
HEAD = "| round | tried | passed | closed |"
_ROW = re.compile(r"^\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$")


@dataclass(frozen=True)
class Round:
    """How many were tried, how many of those passed, and how many of these are closed now."""

    tried: int
    passed: int
    closed: int


def rounds(path: Path) -> list[Round]:
    """The rounds of a lab's list.

    Raises:
        BadInput: it has no table of them, or one that cannot be.
    """
    lines = path.read_text("utf-8").splitlines()
    if HEAD not in lines:
        raise BadInput(f"{path}: has no table of its rounds; it begins with {HEAD}")
    found: list[Round] = []
    for line in lines[lines.index(HEAD) + 2 :]:
        if not (row := _ROW.match(line)):
            break
        number, tried, passed, closed = map(int, row.groups())
        if number != len(found) + 1 or not closed <= passed <= tried:
            raise BadInput(f"{path}: round {number}: rounds count from 1, and closed <= passed <= tried")
        found.append(Round(tried, passed, closed))
    return found


def overview(labs: Mapping[str, Sequence[Round]]) -> str:
    """A line for each lab, and one for all."""
    rows = [[f"`{lab}`", *_cells(found)] for lab, found in sorted(labs.items())]
    everything = [one for found in labs.values() for one in found]
    return table(
        ["lab", "rounds", "tried", "passed", "closed", "open", "passed in the last round"],
        [*rows, ["all", *_cells(everything)[:-1], ""]],
    )


def _cells(found: Sequence[Round]) -> list[str]:
    tried, passed, closed = (sum(getattr(one, name) for one in found) for name in ("tried", "passed", "closed"))
    last = str(found[-1].passed) if found else ""
    return [*map(str, (len(found), tried, passed, closed, passed - closed)), last]


def text() -> str:
    """What docs/attacks.md has to say of the labs as they are."""
    lists = sorted((ROOT / "scenarios").glob("*/attacks.md"))
    return overview({path.parent.name: rounds(path) for path in lists})
