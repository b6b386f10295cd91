"""How the user calls `lab`, so that every command that is printed can be pasted as it is."""

from __future__ import annotations

import os
import re
import shutil
from functools import cache
from pathlib import Path

CALLED = "BROWNOUT_CALLED"
COMMANDS = (
    "audit", "batch", "brief", "check", "control", "convert", "debrief", "diff", "diff-results", "doctor", "export",
    "grade", "hint", "join", "judge", "leave", "lint", "list", "live", "logs", "new", "open", "pack", "plan",
    "play", "receipt", "render", "report", "reset", "restart", "review", "start", "status", "stop", "submit",
    "twist", "verify", "watch", "workshop",
)  # fmt: skip
_PROSE = {"a", "an", "another", "each", "every", "first", "of", "one", "that", "the", "this", "your"}
_LAB = re.compile(rf"(\w+ )?(?<![\w/.-])lab (?=(?:{'|'.join(COMMANDS)})(?![\w-]))")


@cache
def name() -> str:
    """`lab` where that is found, else the script `lab` at the top of the repository as it was called or lies from here;
    `lab` again where there is none."""
    if told := os.environ.get(CALLED):
        return told
    script = Path(__file__).resolve().parents[1] / "lab"
    if shutil.which("lab") or not script.is_file():
        return "lab"
    near = os.path.relpath(script)
    return str(script) if near.startswith("..") else f"./{near}"


def pasteable(text: str) -> str:
    """A text with its commands as the user calls them."""
    return text if name() == "lab" else _LAB.sub(_renamed, text)


def _renamed(found: re.Match[str]) -> str:
    before = found[1] or ""
    return found[0] if before.strip().lower() in _PROSE else f"{before}{name()} "
