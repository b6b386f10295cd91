"""What a batch grades: the submissions in a folder, or those that a CSV names."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.course import catalog, files
from grader.course.files import LETTER, shown
from grader.errors import BadInput
from grader.hiring.seeds import check_name
from grader.intake.archive import MOST_BYTES
from grader.intake.handed_in import opened

COLUMNS = ("candidate", "lab", "path")
MAX_CSV = 1 << 20
_ENDS = re.compile(r"(\.tar)?\.(zip|tar|tgz|gz|bz2|xz|bundle)$", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One submission: whose, of which lab, and where it is (a folder or a file, absolute)."""

    candidate: str
    lab: str
    path: Path

    @property
    def name(self) -> str:
        """Of its files in the batch's folder: readable, and no other row's."""
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", self.candidate).strip("-.")[:40]
        own = hashlib.sha256(f"{self.lab}\0{self.candidate}".encode()).hexdigest()[:8]
        return f"{plain or 'candidate'}-{own}"


def read(source: Path, lab: str) -> list[Row]:
    """The rows, in the order of the CSV, or of the names in the folder.

    Args:
        source: a folder with a submission an entry, named for its candidate; or a CSV with the columns candidate, lab
            and path (relative to the CSV).
        lab: the lab of a folder's submissions, and of a CSV's rows that name none.

    Raises:
        BadInput: nothing to grade, no such lab, or a row that cannot be one; names the file and line.
    """
    found = list(_of_folder(source, lab) if source.is_dir() else _of_csv(source, lab))
    seen: dict[tuple[str, str], str] = {}
    for where, row in found:
        if not row.lab:
            raise BadInput(f"{where}: names no lab; add --lab ID" + ("" if source.is_dir() else ", or a column `lab`"))
        catalog.find_scenario(catalog.find_lab(row.lab))
        try:
            check_name(row.candidate)
        except BadInput as error:
            raise BadInput(f"{where}: {error}") from error
        if row.path.is_symlink() or not (row.path.is_dir() or row.path.is_file()):
            raise BadInput(f"{where}: {shown(row.path)} is no folder and no plain file; put the submission there")
        if other := seen.get((row.candidate, row.lab)):
            raise BadInput(f"{where}: {shown(row.candidate)} has handed in {row.lab} already, in {other}; keep one")
        seen[row.candidate, row.lab] = where
    if not found:
        raise BadInput(f"{shown(source)}: holds no submission; put one folder or archive a candidate there")
    return [row for _, row in found]


def _of_folder(source: Path, lab: str) -> Iterator[tuple[str, Row]]:
    if (source / "lab.yaml").exists() or (source / LETTER).exists():
        raise BadInput(f"{shown(source)}: is one submission; `lab grade` takes it, a batch takes a folder of them")
    for path in sorted(source.absolute().iterdir()):
        if not path.name.startswith(".") and not files.ignored(path.name, folder=path.is_dir()):
            candidate = path.name if path.is_dir() else _ENDS.sub("", path.name)
            yield shown(path), Row(candidate, lab, path)


def _of_csv(source: Path, lab: str) -> Iterator[tuple[str, Row]]:
    try:
        text = files.read(source, MAX_CSV).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{shown(source)}: is no folder, and no CSV in UTF-8 (byte {error.start})") from error
    first = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True)
    try:
        head = [cell.strip().lower() for cell in next(lines, [])]
        missing = [name for name in COLUMNS if name not in head and not (name == "lab" and lab)]
        if missing:
            raise BadInput(f"{shown(source)}: has no column {' and no column '.join(missing)} in its first line")
        for cells in lines:
            where = f"{shown(source)}, line {lines.line_num}"
            if any(cell.strip() for cell in cells):
                yield where, _of_cells(where, dict(zip(head, map(str.strip, cells), strict=False)), source, lab)
    except csv.Error as error:
        raise BadInput(f"{shown(source)}, line {lines.line_num}: is not CSV ({error})") from error


def _of_cells(where: str, cells: dict[str, str], source: Path, lab: str) -> Row:
    if not cells.get("path"):
        raise BadInput(f"{where}: has no path; name the folder or archive that was handed in")
    return Row(cells.get("candidate", ""), cells.get("lab") or lab, source.absolute().parent / cells["path"])


def digest(row: Row, *words: str) -> str:
    """Of all that was handed in, names and bytes, and of words that say how it is graded; of what is too large for any
    grading, only the size."""
    sha = hashlib.sha256("\0".join((row.lab, *words)).encode())
    left = MOST_BYTES
    try:
        if row.path.is_file():
            size = row.path.stat().st_size
            sha.update(files.read(row.path, left) if size <= left else str(size).encode())
            return sha.hexdigest()[:16]
        with opened(row.path, row.lab, row.path) as top:  # a folder: nothing is unpacked
            for found in top.walk():
                told = f"\0{found.path}\0{found.kind}\0{found.executable}\0{found.size}\0"
                sha.update(told.encode("utf-8", "surrogateescape"))
                if found.kind == "file" and found.size <= left:
                    sha.update(top.read(found.path, left))
                    left -= found.size
    except BadInput as error:
        sha.update(str(error).encode("utf-8", "surrogateescape"))
    return sha.hexdigest()[:16]
