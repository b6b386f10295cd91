"""What somebody changed: the open files of a submission against the lab as shipped, safe to show and not too much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.course import files
from grader.course.files import Folder, is_open, shown
from grader.course.spec import Lab
from grader.errors import BadInput
from grader.hiring.review.lines import Hunk, Place, hunks, owners, places, split
from grader.intake.submission import MAX_FILES, is_whole
from grader.report.logs import Budget
from grader.report.summary import count
from grader.safe import visible

MOST_LINES = 400
"""Of one file."""

_LINE = 300
_PAGE_BYTES = 400_000
_WORK = 20_000_000  # as `hunks` reckons it, all files together: some seconds at worst


@dataclass(frozen=True)
class Line:
    """A line of a diff: `sign` is +, -, a space, or @ for a word on where the next ones are."""

    sign: str
    text: str


@dataclass(frozen=True)
class FileChange:
    """One file that differs. `path` is safe to show; `what`: changed, added or removed; `note` says what is not shown.
    The lines are cut, the counts of those that were `added` and `removed` are not."""

    path: str
    what: str
    added: int
    removed: int
    lines: tuple[Line, ...]
    note: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Changes:
    """All files that differ, and names of files that were handed in beside them and do not count."""

    files: tuple[FileChange, ...]
    aside: tuple[str, ...]


@dataclass
class _Room:
    """What a page, and the making of it, may still cost."""

    page: Budget
    work: int


def compare(lab: Lab, handed: Folder) -> Changes:
    """Hold a submission against its lab.

    Args:
        lab: as shipped.
        handed: a workspace or another whole folder (what is missing there was removed), or changed files only.

    Raises:
        BadInput: it could not have been graded: links and devices in it, too many or too large files.
    """
    there = list(handed.walk())
    for entry in there:
        if entry.kind != "file":
            raise BadInput(f"{shown(handed.top / entry.path)} is not a plain file, so this was not graded; remove it")
    mine = [entry.path for entry in there if is_open(entry.path, lab.spec.open)]
    if len(mine) > MAX_FILES:
        raise BadInput(f"{shown(handed.top)} holds too many files, so this was not graded; name what was handed in")
    before = {path: (lab.folder / path).read_bytes() for path in _open_of(lab)}
    after = {path: handed.read(path) for path in mine}
    if not is_whole(lab, handed, {entry.path: entry for entry in there}):
        after = {**before, **after}
    room = _Room(Budget(_PAGE_BYTES), _WORK)
    differing = [path for path in before | after if before.get(path) != after.get(path)]
    differing.sort(key=lambda path: (path not in before, path))  # a page has room for so much: new files come last
    changed = tuple(_change(path, before.get(path), after.get(path), room) for path in differing)
    return Changes(changed, tuple(visible(str(path), 160) for path in _aside(lab, handed, there)))


def _open_of(lab: Lab) -> list[PurePosixPath]:
    return [entry.path for entry in files.walk(lab.folder) if is_open(entry.path, lab.spec.open)]


def _aside(lab: Lab, handed: Folder, there: list[files.Found]) -> list[PurePosixPath]:
    """Files outside what may be edited that are not as shipped; names that begin with a dot are an editor's own."""
    found = []
    for entry in there:
        if is_open(entry.path, lab.spec.open) or entry.path.parts[0].startswith("."):
            continue
        shipped = lab.folder / entry.path
        same = shipped.is_file() and shipped.stat().st_size == entry.size
        if not same or shipped.read_bytes() != handed.read(entry.path, entry.size):
            found.append(entry.path)
    return found


def _change(path: PurePosixPath, before: bytes | None, after: bytes | None, room: _Room) -> FileChange:
    name, what = visible(str(path), 160), "added" if before is None else "removed" if after is None else "changed"
    old, new = split(before or b""), split(after or b"")
    if old is None or new is None:
        sizes = f"{len(before or b''):,} bytes before, {len(after or b''):,} now"
        return FileChange(name, what, 0, 0, (), f"binary: {sizes}", ())
    parts, cost = hunks(old, new, room.work)
    room.work -= cost
    differing = [code for part in parts for code in part if code[0] != "equal"]
    lines, cut = _lines(parts, old, new, room.page)
    return FileChange(
        name,
        what,
        sum(j2 - j1 for *_, j1, j2 in differing),
        sum(i2 - i1 for _, i1, i2, *_ in differing),
        lines,
        f"{count(cut, 'more line')} not shown" if cut else "" if lines else "empty",
        places(differing, old, new),
    )


def _lines(parts: list[Hunk], old: list[str], new: list[str], page: Budget) -> tuple[tuple[Line, ...], int]:
    """What is shown of a file, and how many lines are not."""
    owner = owners(new)
    found: list[Line] = []
    cut = 0
    for part in parts:
        for line in _wanted(part, old, new, owner):
            text = visible(line.text, _LINE) if not cut and len(found) < MOST_LINES else ""
            if not cut and len(found) < MOST_LINES and page.take(text):
                found.append(Line(line.sign, text))
            else:
                cut += line.sign != "@"
    return tuple(found), cut


def _wanted(part: Hunk, old: list[str], new: list[str], owner: list[str]) -> Iterator[Line]:
    at = next(j1 for tag, _, _, j1, _ in part if tag != "equal")
    within = f" in {owner[at]}" if at < len(owner) and owner[at] else ""
    yield Line("@", f"line {at + 1}{within}")
    for tag, i1, i2, j1, j2 in part:
        if tag == "equal":
            yield from (Line(" ", line) for line in new[j1:j2])
        else:
            yield from (Line("-", line) for line in old[i1:i2])
            yield from (Line("+", line) for line in new[j1:j2])
