"""`lab new`: two folders that hold a small lab whose proof matrix holds, to be changed into a real one."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from grader.course import catalog
from grader.errors import BadInput

TEMPLATES = Path(__file__).with_name("templates")
_ID = re.compile(r"^[a-z][a-z0-9-]{1,30}$")


def make(lab_id: str, shape: str) -> tuple[Path, ...]:
    """Make labs/<id> and scenarios/<id>, both or neither. Returns the two, relative to the course.

    Args:
        lab_id: of the new lab.
        shape: `traffic`, users whose requests are judged, or `decision`, questions about cases that nobody has seen.

    Raises:
        BadInput: not a usable id, one that is taken, no such shape, a course without what it needs, or no way to write.
    """
    if not _ID.match(lab_id) or lab_id == "cast":
        raise BadInput(
            f"{lab_id!r} cannot be a lab's id; use 2 to 31 lower-case letters, digits and hyphens, such as my-lab"
        )
    if shape not in (known := sorted(path.parents[1].name for path in TEMPLATES.glob("*/labs/lab.yaml"))):
        choose = f"choose {' or '.join(known)}" if known else "a task has none; make labs in a checkout of Brownout"
        raise BadInput(f"{shape!r} is no shape of a lab; {choose}")
    root = catalog.root()
    if shape == "decision" and not (root / "labs" / "cast" / "lib" / "casebook").is_dir():
        raise BadInput(f"{root} has no labs/cast/lib/casebook, which a lab of shape decision stands on; copy it there")
    targets = {kind: root / kind / lab_id for kind in ("labs", "scenarios")}
    for target in targets.values():
        if target.exists():
            raise BadInput(f"{target} exists already; choose another id")
    made: list[Path] = []
    try:
        for kind, target in targets.items():
            made.append(_copy(TEMPLATES / shape / kind, target, lab_id))
    except OSError as error:
        for target in made:
            shutil.rmtree(target, ignore_errors=True)
        raise BadInput(f"{error.filename or root} cannot be written: {error.strerror}") from error
    return tuple(target.relative_to(root) for target in targets.values())


def _copy(template: Path, target: Path, lab_id: str) -> Path:
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        for path in sorted(template.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                into = temporary / path.relative_to(template)
                into.parent.mkdir(parents=True, exist_ok=True)
                into.write_text(path.read_text("utf-8").replace("__ID__", lab_id), "utf-8")
        temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return target
