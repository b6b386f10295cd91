"""The tables of docs/attacks.md: of each lab how many attacks were tried, passed and were closed, and what is open.

A lab's list is `scenarios/ID/attacks.md`. It has a table of its rounds, with the head `HEAD`. Where more passed than
is closed it has a second table, with the head `OPEN`: a line for each that still passes, with its class.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from benchmarks.machine import ROOT
from benchmarks.tables import table
from grader.errors import BadInput

PAGE: Path = ROOT / "docs" / "attacks.md"
HEAD = "| round | tried | passed | closed |"
OPEN = "| round | still passes | class | what it gives up | what closes it, shows it or allows it |"
_ROW = re.compile(r"^\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$")


class Kind(StrEnum):
    """What an attack that still passes is."""

    SHORTCUT = "shortcut"
    """Less work than an honest design, or knowledge of the exam in place of one."""
    BLIND_SPOT = "blind spot"
    """An honest mistake in a corner that the exam does not sample."""
    ALLOWED = "allowed"
    """It keeps every promise, or the brief says that nobody asks."""


@dataclass(frozen=True)
class Round:
    """How many were tried, how many of those passed, and how many of these are closed now."""

    tried: int
    passed: int
    closed: int


@dataclass(frozen=True)
class Left:
    """One that still passes: what it gives up, and what would close it, what seeing it costs, or what allows it."""

    round: int
    name: str
    kind: Kind
    gives_up: str
    answer: str


@dataclass(frozen=True)
class Attacks:
    """A lab's rounds, and what still passes."""

    rounds: tuple[Round, ...]
    left: tuple[Left, ...]

    def of(self, kind: Kind) -> list[Left]:
        """Give those of one class."""
        return [one for one in self.left if one.kind is kind]


def read(path: Path) -> Attacks:
    """Read a lab's list, and check that each round has a line for each that is not closed.

    Raises:
        BadInput: a table is missing, or says what cannot be.
    """
    lines = path.read_text("utf-8").splitlines()
    if HEAD not in lines:
        raise BadInput(f"{path}: has no table of its rounds; it begins with {HEAD}")
    rounds: list[Round] = []
    for line in _rows(lines, HEAD):
        if not (row := _ROW.match(line)):
            raise BadInput(f"{path}: not a line of rounds: {line}")
        number, tried, passed, closed = map(int, row.groups())
        if number != len(rounds) + 1 or not closed <= passed <= tried:
            raise BadInput(f"{path}: round {number}: rounds count from 1, and closed <= passed <= tried")
        rounds.append(Round(tried, passed, closed))
    left = tuple(_left(path, line) for line in _rows(lines, OPEN))
    if len({one.name for one in left}) != len(left):
        raise BadInput(f"{path}: one that still passes stands there twice")
    if strangers := {one.round for one in left} - set(range(1, len(rounds) + 1)):
        raise BadInput(f"{path}: there is no round {min(strangers)}")
    for number, one in enumerate(rounds, 1):
        if (has := sum(line.round == number for line in left)) != one.passed - one.closed:
            raise BadInput(f"{path}: round {number}: {one.passed - one.closed} still pass, and {has} have a class")
    return Attacks(tuple(rounds), left)


def _rows(lines: list[str], head: str) -> list[str]:
    if head not in lines:
        return []
    after = lines[lines.index(head) + 2 :]
    end = next((place for place, line in enumerate(after) if not line.startswith("|")), len(after))
    return after[:end]


def _left(path: Path, line: str) -> Left:
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    if len(cells) != 5 or not cells[0].isdigit() or not all((cells[1], cells[3])):
        raise BadInput(f"{path}: a line has five cells, the first a number: {line}")
    number, name, kind, gives_up, answer = cells
    if kind not in set(Kind):
        raise BadInput(f"{path}: {name}: its class is none of {', '.join(Kind)}: {kind!r}")
    if not answer:
        raise BadInput(f"{path}: {name}: a {kind} says what closes it, what seeing it costs, or what allows it")
    return Left(int(number), name, Kind(kind), gives_up, answer)


def overview(labs: Mapping[str, Attacks]) -> str:
    """Write a line for each lab, and one for all."""
    rows = [[f"`{lab}`", *_cells(found), _last(found)] for lab, found in sorted(labs.items())]
    rounds = tuple(one for found in labs.values() for one in found.rounds)
    everything = Attacks(rounds, tuple(one for found in labs.values() for one in found.left))
    head = ["lab", "rounds", "tried", "passed at first", "closed", "allowed", "open shortcuts", "open blind spots"]
    return table([*head, "passed in the last round"], [*rows, ["all", *_cells(everything), ""]])


def _cells(found: Attacks) -> list[str]:
    sums = [sum(getattr(one, name) for one in found.rounds) for name in ("tried", "passed", "closed")]
    kinds = [len(found.of(kind)) for kind in (Kind.ALLOWED, Kind.SHORTCUT, Kind.BLIND_SPOT)]
    return [*map(str, (len(found.rounds), *sums, *kinds))]


def _last(found: Attacks) -> str:
    return str(found.rounds[-1].passed) if found.rounds else ""


def listing(labs: Mapping[str, Attacks], kind: Kind, answer: str) -> str:
    """Write a line for each that still passes and is of one class."""
    rows = [
        [f"`{lab}`", one.name, one.gives_up, one.answer]
        for lab, found in sorted(labs.items())
        for one in found.of(kind)
    ]
    return table(["lab", kind, "what it gives up", answer], rows, left=True) if rows else "None is open."


def every() -> dict[str, Attacks]:
    """Read the list of each lab."""
    return {path.parent.name: read(path) for path in sorted((ROOT / "scenarios").glob("*/attacks.md"))}


def texts() -> dict[str, str]:
    """Write each table of docs/attacks.md from the labs' lists as they are."""
    labs = every()
    return {
        "attacks": overview(labs),
        "shortcuts": listing(labs, Kind.SHORTCUT, "what would close it"),
        "blind-spots": listing(labs, Kind.BLIND_SPOT, "what seeing it would cost"),
    }
