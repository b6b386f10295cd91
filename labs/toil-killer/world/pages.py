"""What people look at: a line for each public package, what is right of it and what was said, and the files of one."""

from __future__ import annotations

from casebook.page import Html, heading, link, table, text_of
from judge import decision
from making import Made, Right
from seen import Seen

LINES = 12
"""So much of a file is shown: its first and last lines."""


def page_of(seen: dict[str, Seen], what: str) -> str:
    """All packages, or `tray/package`; empty if there is none of that name."""
    if what:
        tray, _, id = what.partition("/")
        return _one(seen[tray], id) if tray in seen else ""
    rows = [_row(one, made) for one in seen.values() for made in one.tray.new]
    head = [_whole("package"), "what it is", "right", "the validator's", _whole("word")]
    return table(head, sorted(rows, key=lambda row: row[-1] == _whole("right")))


def _row(one: Seen, made: Made) -> list[object]:
    told = one.decisions.get(made.id)
    said = text_of(one.error or "nothing")
    if isinstance(told, dict):
        named = [f"{key} {told[key]}" for key in ("step", "figure", "bound", "reason") if told.get(key) is not None]
        said = text_of(f"{', '.join([str(told.get('decision')), *named])}. {told.get('why', '')}")
    where = _whole(link(f"/pages/{one.tray.id}/{made.id}", made.id))
    return [where, _whole(f"{made.kind}, {made.way}"), _right(made.right), said, _whole(decision(made.right, told)[0])]


def _whole(value: object) -> Html:
    """A short text that stays on one line, however much the cell beside it has."""
    return Html(f'<span style="white-space: nowrap">{text_of(value)}</span>')


def _right(right: Right) -> str:
    figures = f": {right.figure:.6g} against {right.bound:.6g}" if right.figure is not None else ""
    step = f" at step {right.step}" if right.step else ""
    return f"{right.decision}{step}{figures}" + (f", {right.reason}" if right.reason else "")


def _one(seen: Seen, id: str) -> str:
    found = [one for one in seen.tray.sent["packages"] if one["id"] == id]
    if not found:
        return ""
    policy = seen.tray.sent["policy"]
    bounds = list(next(iter(policy.values())))
    parts: list[str] = [heading(f"{id} of tray {seen.tray.id}, {seen.tray.sent['day']}")]
    parts.append(table(["portfolio", *bounds], [[name, *own.values()] for name, own in policy.items()]))
    for file in found[0]["files"]:
        lines = file.get("text", file.get("base64", "")).splitlines()
        cut = lines if len(lines) <= 4 * LINES else [*lines[:LINES], "...", *lines[-LINES:]]
        parts.append(heading(file["path"]))
        parts += [Html(f'<div><code style="white-space: pre-wrap">{text_of(line)}</code></div>') for line in cut]
    return "".join(parts)
