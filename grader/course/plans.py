"""The public files of a lab that its draw.py makes, written and held against what is there."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from grader.course.casebook import drawer, drawn, public_plan
from grader.course.modules import import_file
from grader.errors import BadInput


def text(plan: Mapping[str, Any]) -> str:
    """A plan as JSON, a line for each case."""
    return "{" + ", ".join(f"{json.dumps(key)}: {_lines(value)}" for key, value in plan.items()) + "}\n"


def public_files(lab: Path) -> dict[Path, str]:
    """plan.json, and what else `public_files(plan)` of draw.py makes of it: names in public/, and texts.

    Raises:
        BadInput: there is no draw.py, or it failed.
    """
    plan = drawn(lab, None)
    more = getattr(import_file(drawer(lab)), "public_files", None)
    try:
        made = more(plan) if more else {}
    except Exception as error:  # the lab's own code
        raise BadInput(f"{drawer(lab)}: cannot make the public files: {error!r}") from error
    found = {public_plan(lab): text(plan)}
    return found | {lab / "public" / name: said for name, said in made.items()}


def old_plan(lab: Path) -> Iterator[str]:
    """A sentence if a lab's public plan is not what its draw.py draws now. Nothing where neither is here, or where the
    exam is elsewhere."""
    path, source = public_plan(lab), drawer(lab)
    command = f"`lab plan {lab.name} --public`"
    if not source.parent.is_dir() or not (path.is_file() or source.is_file()):
        return
    if not source.is_file():
        yield f"scenarios/{lab.name}/draw.py: is missing; nothing draws public/plan.json"
    elif not path.is_file() or _parsed(path.read_text("utf-8")) != json.loads(text(drawn(lab, None))):
        yield f"labs/{lab.name}/public/plan.json: is not what draw.py draws; write it with {command}"


def old_files(lab: Path) -> Iterator[str]:
    """A sentence for each other public file that is not what draw.py makes. May take a second."""
    if not (drawer(lab).is_file() and public_plan(lab).is_file()):
        return
    for path, said in public_files(lab).items():
        if path != public_plan(lab) and (not path.is_file() or path.read_text("utf-8") != said):
            yield f"labs/{lab.name}/public/{path.name}: is not what draw.py makes; `lab plan {lab.name} --public` does"


def untold(lab: Path) -> Iterator[str]:
    """A sentence for each column of the public plan, an aspect that cases are asked for, of which the world can tell
    nothing: its code neither names it, nor reads what is asked, nor finds it elsewhere in a case. A world that only
    tells all that is left of a case tells of every column."""
    path, world = public_plan(lab), lab / "world"
    if not (path.is_file() and world.is_dir()):
        return
    cases = (_parsed(path.read_text("utf-8")) or {}).get("cases", [])
    columns = {aspect for case in cases for aspect in case.get("asked", {})}
    nodes = [node for file in sorted(world.rglob("*.py")) for node in ast.walk(ast.parse(file.read_bytes()))]
    known = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    by_name = any(isinstance(node, ast.Attribute) and node.attr == "tell" for node in nodes)
    if "asked" in known or columns <= known or not by_name:
        return
    rest = json.dumps([{key: value for key, value in case.items() if key != "asked"} for case in cases])
    for column in sorted(columns - known):
        if json.dumps(column) not in rest:
            yield f"labs/{lab.name}/public/plan.json: asks for {column!r}, of which labs/{lab.name}/world tells nothing"


def _lines(value: Any) -> str:
    if not isinstance(value, list) or not value or not all(isinstance(each, dict) for each in value):
        return json.dumps(value)
    return "[\n" + ",\n".join(json.dumps(each) for each in value) + "\n]"


def _parsed(said: str) -> Any:
    try:
        return json.loads(said)
    except ValueError:
        return None
