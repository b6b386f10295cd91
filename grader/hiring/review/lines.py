"""Two versions of a text, line by line: what differs, and in which function. Nothing is parsed, imported or run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from grader.safe import visible

CONTEXT = 3
NO_NEWLINE = "\\ no newline at the end"
_FUNCTION = re.compile(
    r"\s*(?:(?:export|pub|async|static)\s+)*(?:def|class|func|fn|function)\s+([A-Za-z_]\w*)"
)  # of Python, JavaScript, Go, Rust: how a line begins that names what the lines below belong to
_LONGEST_HEAD = 300

Opcode = tuple[str, int, int, int, int]
Hunk = Sequence[Opcode]


@dataclass(frozen=True)
class Place:
    """Lines of the new text that differ, within one function (empty: in none): the first, the last, and how many lines
    came or went there, blank ones aside."""

    function: str
    first: int
    last: int
    touched: int


def split(data: bytes) -> list[str] | None:
    """The lines of a text, or None where the bytes are none."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    lines = text.split("\n")
    return lines[:-1] if not lines[-1] else [*lines, NO_NEWLINE]


def hunks(old: Sequence[str], new: Sequence[str], most: int) -> tuple[list[Hunk], int]:
    """What makes `new` of `old`, in difflib's opcodes with a few equal lines around; and what that cost at worst.

    Where it may cost more than `most`, since a text can be made so that comparing it takes hours, all is replaced.
    """
    times = Counter(new)
    popular = len(new) // 100 + 1 if len(new) >= 200 else len(new)  # lines that difflib passes over
    pairs = sum(times[line] for line in old if times[line] <= popular)
    cost = pairs * max(len(old), len(new))
    if cost > most:
        return [[("replace", 0, len(old), 0, len(new))]], 0
    return list(SequenceMatcher(None, old, new).get_grouped_opcodes(CONTEXT)), cost


def places(differing: Sequence[Opcode], old: Sequence[str], new: Sequence[str]) -> tuple[Place, ...]:
    """Where the new text differs, in order of the lines; nowhere, where nothing is left of it."""
    owner = owners(new)
    found: dict[str, Place] = {}
    for _, i1, i2, j1, j2 in differing if new else ():
        at = max(0, j1 - 1)  # what only went was below this line
        came = [(j, owner[j]) for j in range(j1, j2) if new[j].strip()]
        went = sum(1 for line in old[i1:i2] if line.strip())
        for j, name in came:
            found[name] = _with(found.get(name), name, j + 1, 1)
        if went:
            line, name = came[0] if came else (at, owner[at])
            found[name] = _with(found.get(name), name, line + 1, went)
    return tuple(sorted(found.values(), key=lambda place: place.first))


def _with(place: Place | None, name: str, line: int, touched: int) -> Place:
    if place is None:
        return Place(name, line, line, touched)
    return Place(name, min(place.first, line), max(place.last, line), place.touched + touched)


def owners(lines: Sequence[str]) -> list[str]:
    """For each line the function, with what it stands in, that it belongs to by its indent; empty for none."""
    found: list[str] = []
    open_: list[tuple[int, str]] = []
    for line in lines:
        if line.strip():
            indent = len(line) - len(line.lstrip())
            while open_ and indent <= open_[-1][0]:
                open_.pop()
            if head := _FUNCTION.match(line[:_LONGEST_HEAD]):
                open_.append((indent, visible(head[1], 60)))
        found.append(".".join(name for _, name in open_[-2:]))
    return found
