"""The tables of labs in README.md: those that are shipped, and those that are planned, by pack.

A lab is shipped when its folder is there; its question then comes from its lab.yaml.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field

from benchmarks.machine import ROOT
from benchmarks.tables import table
from grader.course.catalog import entries
from grader.course.reading import read_yaml, validate
from grader.course.strict import Strict
from grader.errors import BadInput

CATALOGUE = ROOT / "labs" / "catalogue.yaml"
Pack = Literal["start", "serving", "release", "data", "telemetry", "llm", "people"]
"""Labs about one subject, in the order in which README.md lists them. `start` is none of the questions of an interview,
and is not counted."""

START = "start"

_ORDER = get_args(Pack)


class Planned(Strict):
    """A lab of the catalogue. `code`: letter of its level (as in Warm-up, Beginner, Tool, Human) and number."""

    code: str = Field(pattern=r"^[WBIASTH][1-9][0-9]?$")
    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    pack: Pack
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


def overview(planned: Sequence[Planned], shipped: dict[str, str], drafts: Sequence[str] = ()) -> str:
    """Counts and tables; the planned labs are folded.

    Args:
        planned: every lab.
        shipped: question of each lab that is there, by id.
        drafts: of those, whose exams are not proven yet.

    Raises:
        BadInput: a lab is there that the catalogue does not name.
    """
    if strange := sorted(set(shipped) - {row.id for row in planned}):
        raise BadInput(f"{CATALOGUE}: lab {strange[0]!r} is there and has no line; add one")
    rows = sorted(planned, key=lambda row: _ORDER.index(row.pack))
    there = [[f"`{row.id}`", shipped[row.id], row.pack] for row in rows if row.id in shipped and row.id not in drafts]
    counted = [row.id for row in rows if row.pack != START]
    told = f"{sum(id in shipped and id not in drafts for id in counted)} of {len(counted)} are shipped."
    if firsts := [f"`{row.id}`" for row in rows if row.pack == START and row.id in shipped]:
        told += f" Begin with {', '.join(firsts)}, which takes a quarter of an hour and is not counted."
    if drafts:
        told += f" Drafts, whose exams are not proven yet: {', '.join(f'`{d}`' for d in drafts)}."
    shown = f"{told}\n\n{table(['lab', 'question', 'pack'], there, left=True)}"
    left = [row for row in rows if row.id not in shipped]
    return f"{shown}\n\n{_folded(left)}" if left else shown


def _folded(rows: Sequence[Planned]) -> str:
    """A line for each pack, under a heading that opens them."""
    packs = [(pack, [f"`{row.id}`" for row in rows if row.pack == pack]) for pack in _ORDER]
    lines = [[pack, str(len(ids)), ", ".join(ids)] for pack, ids in packs if ids]
    listed = table(["pack", "labs", "planned"], lines, left=True)
    return f"<details><summary>{len(rows)} are planned</summary>\n\n{listed}\n\n</details>"


def text() -> str:
    """What README.md has to say of the labs as they are."""
    found = entries()
    return overview(catalogue(), {e.id: e.question for e in found}, [e.id for e in found if e.draft])
