"""When a candidate saved, and what differs from what shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grader.course import files
from grader.course.spec import Lab
from grader.practice import workspace
from grader.safe import visible

MOST_LINES = 2000
LINE = 300
Signature = dict[str, tuple[int, int]]


class Saves:
    """Looks at the open files of a workspace."""

    def __init__(self, lab: Lab) -> None:
        self._work = workspace.folder(lab.id)
        self._open = [entry.removesuffix("/**") for entry in lab.spec.open]
        self._known: Signature | None = None
        self.last_s = 0.0
        """When an open file was saved last, as the file says; seconds since the epoch."""

    def look(self) -> list[str] | None:
        """Paths of open files that were saved since the last look, perhaps none; None at the first look."""
        now = {str(path): found for entry in self._open for path, found in _signed(self._work, entry).items()}
        before, self._known = self._known, now
        self.last_s = max((changed_ns / 1e9 for changed_ns, _ in now.values()), default=0.0)
        if before is None:
            return None
        return sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))


def _signed(work: Path, entry: str) -> dict[Path, tuple[int, int]]:
    top = work / entry
    if top.is_symlink():
        return {}
    paths = [top] if top.is_file() else [top / found.path for found in files.walk(top)] if top.is_dir() else []
    signed = {}
    for path in paths:
        try:
            status = path.stat(follow_symlinks=False)
        except OSError:
            continue
        signed[path.relative_to(work)] = (status.st_mtime_ns, status.st_size)
    return signed


def difference(lab_id: str) -> dict[str, Any]:
    """The candidate's changes as plain data: files, each with the lines of its unified diff, and how many were cut."""
    left, cut, found = MOST_LINES, 0, []
    for change in workspace.changes(lab_id):
        lines = [visible(line, LINE) for line in change.lines[:left]]
        left, cut = left - len(lines), cut + len(change.lines) - len(lines)
        found.append({"path": visible(str(change.path), 200), "what": change.what, "lines": lines})
    return {"files": found, "cut": cut}
