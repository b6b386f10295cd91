"""The table of all labs in README.md.

A lab is shipped when its folder is there; its question then comes from its lab.yaml.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from benchmarks.machine import ROOT
from benchmarks.tables import table
from grader.course.catalog import entries
from grader.course.reading import read_yaml, validate
from grader.course.strict import Strict
from grader.errors import BadInput

CATALOGUE = ROOT / "labs" / "catalogue.yaml"


class Planned(Strict):
    """A lab of the catalogue. `code`: letter of its level (as in Beginner, Scenario, Tool, Human) and number."""

    code: str = Field(pattern=r"^[BIASTH][1-9][0-9]?$")
    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    question: str


def catalogue(path: Path = CATALOGUE) -> list[Planned]:
    """All labs, shipped or planned, in order.

    Raises:
        BadInput: malformed, or a code or an id comes twice.
    """
    (rows,) = read_yaml(path)
    planned = [validate(Planned, row, path) for row in rows]
    for key in ("code", "id"):
        values = [getattr(row, key) for row in planned]
        if twice := sorted({value for value in values if values.count(value) > 1}):
            raise BadInput(f"{path}: {key} {twice[0]!r} comes twice")
    return planned


def overview(planned: list[Planned], shipped: dict[str, str]) -> str:
    """Counts and table.

    Args:
        planned: every lab.
        shipped: question of each lab that is there, by id.

    Raises:
        BadInput: a lab is there that the catalogue does not name.
    """
    if strange := sorted(set(shipped) - {row.id for row in planned}):
        raise BadInput(f"{CATALOGUE}: lab {strange[0]!r} is there and has no line; add one")
    lines = [
        [f"`{row.id}`", shipped.get(row.id, row.question), "**shipped**" if row.id in shipped else "planned"]
        for row in planned
    ]
    return f"{len(shipped)} of {len(planned)} are shipped.\n\n{table(['lab', 'question', 'state'], lines, left=True)}"


def text() -> str:
    """What README.md has to say of the labs as they are."""
    return overview(catalogue(), {entry.id: entry.question for entry in entries()})
