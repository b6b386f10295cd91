"""A control's files: those of the lab or of another control, with a change.patch and whole files of its own."""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from grader.course import files
from grader.course.files import is_open, shown
from grader.errors import BadInput

if TYPE_CHECKING:
    from unidiff.patch import (  # loaded where a patch is read: generators of load read descriptions only
        Hunk,
        PatchedFile,
    )

DESCRIPTION = "control.yaml"
PATCH = "change.patch"
MOST_OF_A_FILE = 1.6
_HEADS = ("diff --git ", "index ", "old mode ", "new mode ", "deleted file mode ")
_NOTHING = "/dev/null"
_NO_NEWLINE = "\\ No newline at end of file\n"


class File(NamedTuple):
    """What a file holds, and whether it may be run."""

    data: bytes
    executable: bool


Tree = Mapping[PurePosixPath, File]
"""Open files of a lab, by their paths relative to it."""


def tree(folder: Path, entries: tuple[str, ...]) -> Tree:
    """The open files of a lab's folder, or of a whole copy of it.

    Raises:
        BadInput: one cannot be read, is larger than a submission's file may be, or is a link.
    """
    found = (entry for entry in files.walk(folder) if is_open(entry.path, entries))
    return {entry.path: File(files.read(folder / entry.path), entry.executable) for entry in found}


def changed(base: Tree, control: Path, entries: tuple[str, ...]) -> Tree:
    """The files of a control: its base's, with change.patch and the whole files of the control's folder.

    Raises:
        BadInput: the patch does not fit exactly, or a file is none that a submission may hold; names file and hunk.
    """
    own = [entry for entry in files.walk(control) if str(entry.path) not in (DESCRIPTION, PATCH)]
    for entry in own:
        if not is_open(entry.path, entries):
            raise BadInput(f"{shown(control / entry.path)} is not among the lab's open files; remove it")
    whole = {entry.path: File(files.read(control / entry.path), entry.executable) for entry in own}
    patch = control / PATCH
    patched = dict(applied(patch, base)) if patch.exists() else dict(base)
    for path in whole:
        if patched.get(path) != base.get(path):
            raise BadInput(f"{shown(patch)}: {shown(path)} is beside it as a whole file too; remove one of the two")
    return patched | whole


def applied(patch: Path, base: Tree) -> Tree:
    """The files of `base` with a unified diff in git's form applied, without fuzz and without offsets.

    Raises:
        BadInput: it is no such diff, does not fit, or does more than change and remove files; names file and hunk.
    """
    result = dict(base)
    for part in _parts(patch):
        path = _path(patch, part)
        where = f"{shown(patch)}: {shown(path)}"
        if path not in base:
            raise BadInput(f"{where}: there is no such open file to change; give new files whole, beside the patch")
        if result.get(path) != base[path]:
            raise BadInput(f"{where}: is changed twice; put all its hunks into one part")
        lines = _patched(where, part, _lines(_text(base[path].data)))
        if part.target_file != _NOTHING:
            result[path] = File("".join(lines).encode("utf-8", "surrogateescape"), base[path].executable)
        elif lines:
            raise BadInput(f"{where}: is removed, but not all of its lines are")
        else:
            del result[path]
    return result


def difference(base: Tree, wanted: Tree) -> tuple[str, Tree]:
    """What makes `wanted` of `base`: the text of a change.patch, and the files to give whole.

    A file is given whole where it is new, may be run where its base may not or the other way round, or is so much
    another one that its diff would be more than half as long again.
    """
    parts: list[str] = []
    whole: dict[PurePosixPath, File] = {}
    for path in sorted(set(base) | set(wanted)):
        old, new = base.get(path), wanted.get(path)
        if old == new:
            continue
        part = _diff(path, old.data if old else b"", new.data if new else None)
        if new and (old is None or old.executable != new.executable or len(part) > MOST_OF_A_FILE * len(new.data)):
            whole[path] = new
        else:
            parts.append(part)
    return "".join(parts), whole


def _parts(patch: Path) -> list[PatchedFile]:
    from unidiff.errors import UnidiffParseError
    from unidiff.patch import PatchSet

    counted = _Counted(_lines(_text(files.read(patch))))
    try:
        parts = list(PatchSet(counted))
    except UnidiffParseError as error:
        raise BadInput(f"{shown(patch)}: line {counted.at}: {' '.join(str(error).split())}") from error
    if not parts:
        raise BadInput(f"{shown(patch)}: holds no change; make it with `lab control new`")
    heads = [line for part in parts for line in part.patch_info or ()]
    lines = len(heads) + sum(2 * bool(part) + sum(1 + len(hunk) for hunk in part) for part in parts)
    if lines != counted.at or not all(line.startswith(_HEADS) for line in heads):
        raise BadInput(f"{shown(patch)}: has lines outside its hunks; make it with `lab control new`")
    return parts


class _Counted:
    """Lines, and how many of them were taken."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self.at = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.at += 1
            yield line


def _path(patch: Path, part: PatchedFile) -> PurePosixPath:
    """The file that a part changes; BadInput where it does what only whole files may, or climbs out."""
    where = f"{shown(patch)}: {shown(part.path)}"
    if part.source_file == _NOTHING:
        raise BadInput(f"{where}: is new; give new files whole, beside the patch")
    if part.is_rename or not part.source_file.startswith("a/") or not (part or part.is_removed_file):
        raise BadInput(f"{where}: is not a change of lines from a/... to b/... of the same name")
    if (part.source_mode or part.target_mode) != (part.target_mode or part.source_mode):
        raise BadInput(f"{where}: changes the mode; give the file whole, beside the patch")
    return PurePosixPath(part.path)


def _patched(where: str, part: PatchedFile, old: list[str]) -> list[str]:
    new: list[str] = []
    at = 0
    for number, hunk in enumerate(part, 1):
        before, after = _sides(hunk)
        begin = hunk.source_start - (1 if before else 0)
        there = old[begin : begin + len(before)]
        if begin < at or begin > len(old) or there != before:
            raise BadInput(
                f"{where}: hunk {number} (@@ -{hunk.source_start}) does not fit: {_misfit(begin, at, there, before)}"
            )
        new += old[at:begin] + after
        at = begin + len(before)
    return new + old[at:]


def _misfit(begin: int, at: int, there: list[str], before: list[str]) -> str:
    if begin < at:
        return "it lies before the end of the one above it"
    for n, wanted in enumerate(before):
        if n >= len(there):
            return f"the file has no line {begin + n + 1}"
        if there[n] != wanted:
            return f"line {begin + n + 1} is {there[n]!r} and not {wanted!r}"
    return f"the file has no line {begin}"


def _sides(hunk: Hunk) -> tuple[list[str], list[str]]:
    """The lines before and after."""
    before: list[str] = []
    after: list[str] = []
    last: list[list[str]] = []
    for line in hunk:
        if line.line_type == _NO_NEWLINE[0]:
            for side in last:
                side[-1] = side[-1].removesuffix("\n")
        elif line.is_context or line.is_removed or line.is_added:
            last = [side for side, has in ((before, not line.is_added), (after, not line.is_removed)) if has]
            for side in last:
                side.append(line.value)
    return before, after


def _diff(path: PurePosixPath, old: bytes, new: bytes | None) -> str:
    head = f"diff --git a/{path} b/{path}\n" + ("deleted file mode 100644\n" if new is None else "")
    names = f"a/{path}", _NOTHING if new is None else f"b/{path}"
    lines = difflib.unified_diff(_lines(_text(old)), _lines(_text(new or b"")), *names)
    return head + "".join(line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}" for line in lines)


def _text(data: bytes) -> str:
    """Any bytes as text that gives the same bytes again."""
    return data.decode("utf-8", "surrogateescape")


def _lines(text: str) -> list[str]:
    """Lines with their ends, as diffs count them: a line ends at a line feed and at nothing else."""
    return io.StringIO(text).readlines()
