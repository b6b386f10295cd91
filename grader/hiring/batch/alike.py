"""Submissions that share more than the task explains: read as data, compared by copydetect in a process of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from grader.course import catalog
from grader.course.files import is_open
from grader.errors import BadInput
from grader.hiring.batch.rows import Row
from grader.intake import staging
from grader.intake.handed_in import opened
from grader.intake.submission import MAX_FILES
from infra.errors import InfraError
from infra.images.venvs import environment

MOST_TEXT = 100_000
LONGEST_S = 600.0

Pair = tuple[float, Row, Row]
"""Which share of the one's code the other has as well, and whose they are."""


def alike(rows: Sequence[Row]) -> tuple[list[Pair], str]:
    """Pairs of the same lab that are suspiciously alike, the most alike first; and why nothing was compared, if so."""
    pairs: list[Pair] = []
    try:
        for lab in sorted({row.lab for row in rows}):
            texts = {row.name: text for row in rows if row.lab == lab and (text := own_text(row))}
            names = {row.name: row for row in rows}
            if len(texts) > 1:
                pairs += [(share, names[a], names[b]) for share, a, b in _compare(texts)]
    except (InfraError, OSError, ValueError, subprocess.SubprocessError) as error:
        return [], f"submissions were not compared: {error}"
    return sorted(pairs, key=lambda pair: -pair[0]), ""


def own_text(row: Row) -> str:
    """The lines of the open files of a submission that are not the lab's; nothing where it cannot be read. Too many to
    be written by hand are cut file by file, so that no file hides another."""
    lab = catalog.find_lab(row.lab)
    texts: list[str] = []
    try:
        with staging.folder() as folder, opened(row.path, row.lab, folder.with_name("handed-in")) as top:
            there = [found for found in top.walk() if found.kind == "file" and is_open(found.path, lab.spec.open)]
            for found in there[:MAX_FILES]:
                with suppress(BadInput):  # one that is too large: it counts for nothing, the others do
                    texts.append(_own(top.read(found.path), lab.folder / found.path))
    except BadInput:
        return ""
    return "\n".join(_cut(texts))


def _own(data: bytes, shipped: Path) -> str:
    known = {line.strip() for line in _lines(shipped.read_bytes())} if shipped.is_file() else set()
    return "\n".join(line for line in _lines(data) if line.strip() not in known)


def _cut(texts: Sequence[str]) -> list[str]:
    """The texts, MOST_TEXT characters of all together: short ones whole, of each long one as much."""
    left, cut = MOST_TEXT, []
    for number, text in enumerate(sorted(texts, key=len)):
        cut.append(text[: left // (len(texts) - number)])
        left -= len(cut[-1])
    return cut


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").splitlines()


def _compare(texts: dict[str, str]) -> list[tuple[float, str, str]]:
    python = environment("copydetect", Path(__file__).parent) / "bin" / "python"
    command = [str(python), "-I", str(Path(__file__).with_name("compare.py"))]
    done = subprocess.run(command, input=json.dumps(texts).encode(), capture_output=True, timeout=LONGEST_S, check=True)
    found: list[tuple[float, str, str]] = json.loads(done.stdout)
    return found
