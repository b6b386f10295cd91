"""What is opened by a pass: the debrief, the reference's change to set beside one's own, and which lab is next."""

from __future__ import annotations

import difflib
from typing import Any

from grader.course import catalog
from grader.course.hints import read_text
from grader.course.patch import File, Tree
from grader.course.spec import Lab
from grader.errors import BadInput
from grader.practice import workspace
from grader.practice.live.prose import tree
from grader.practice.live.saves import LINE, MOST_LINES
from grader.safe import visible


def debrief(lab: Lab) -> dict[str, Any]:
    """All of it as plain data. What cannot be read is left out; `trouble` says so."""
    told: dict[str, Any] = {"text": [], "reference": {"files": [], "cut": 0}, "next": _next(lab.id), "trouble": ""}
    try:
        told["text"] = tree(read_text(catalog.root() / "scenarios" / lab.id / "debrief.md"))
        scenario = catalog.find_scenario(lab)
        name = next((name for name, each in scenario.controls.items() if each.kind == "reference"), None)
        if name:
            told["reference"] = _difference(scenario.edited("shipped"), scenario.edited(name))
    except BadInput as error:
        told["trouble"] = visible(str(error), 300)
    return told


def _difference(shipped: Tree, other: Tree) -> dict[str, Any]:
    """As `grader.practice.live.saves.difference` has a candidate's changes."""
    left, cut, found = MOST_LINES, 0, []
    for path in sorted({*shipped, *other}):
        old, new = shipped.get(path), other.get(path)
        if old == new:
            continue
        every = list(
            difflib.unified_diff(_lines(old), _lines(new), f"shipped/{path}", f"reference/{path}", lineterm="")
        )
        lines = [visible(line, LINE) for line in every[:left]]
        left, cut = left - len(lines), cut + len(every) - len(lines)
        what = "added" if old is None else "deleted" if new is None else "changed"
        found.append({"path": visible(str(path), 200), "what": what, "lines": lines})
    return {"files": found, "cut": cut}


def _lines(file: File | None) -> list[str]:
    return file.data.decode("utf-8", "replace").splitlines() if file else []


def _next(lab_id: str) -> dict[str, str] | None:
    """The next lab of the course that is here and was not passed; None if there is none."""
    here = set(catalog.lab_ids())
    course = [row for row in catalog.catalogue() if row["id"] in here and not catalog.is_draft(row["id"])]
    at = next((n for n, row in enumerate(course) if row["id"] == lab_id), -1)
    for row in [*course[at + 1 :], *course[: max(0, at)]]:
        if not workspace.load(row["id"]).passed:
            return {"id": row["id"], "question": visible(row["question"], 240)}
    return None
