"""`python -m tests.labs.typed`: mypy over the code of labs that decides verdicts, a folder at a time.

Modules there have flat names that repeat from lab to lab (`world`, `draw`, `main`), so each folder is a run of its own.
All share this process and one cache. That a folder is clean is kept beside that cache, with the digests of all files
that mypy read for it, and holds until one of them changes. Options are those of pyproject.toml.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from mypy.build import build
from mypy.errors import CompileError
from mypy.main import process_options
from mypy.modulefinder import BuildSource
from mypy.options import Options

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = "labs/cast/lib"
PLACES = (
    "labs/cast/*",
    "labs/cast/*/recipe",
    "labs/*/world",
    "labs/*/platform",
    "labs/*/rehearsal",
    "scenarios/*",
    "scenarios/*/twists/*",
    "grader/authoring/templates/*/labs/world",
    "grader/authoring/templates/*/labs/rehearsal",
    "grader/authoring/templates/*/scenarios",
)
EVERYWHERE = "pyproject.toml", "requirements-dev.txt", "tests/labs/typed.py"
"""Files on which the outcome for every folder depends."""

HELD = """
from collections.abc import Callable
from typing import Any
from casebook.world import MakeWorld, World as Played
from casebook_door.door import Door
from collector.book import Telemetry
from gates import Gates
from world import World
made: (
    MakeWorld | Callable[[Any, Gates], Played[Any]] | Callable[[Any, Door], Played[Any]]
    | Callable[[Any, Telemetry], Played[Any]]
) = World
"""
"""Checked beside each world.py: its `World` is one that a casebook plays, alone, with gates, a door or telemetry."""


def main() -> int:
    """Check all folders, or those that are named; the exit code."""
    wrong = [line for folder in sys.argv[1:] or folders() for line in checked(folder)]
    print("\n".join(wrong) or "Success: the code that labs are judged by is typed")
    return 1 if wrong else 0


def folders() -> list[str]:
    """All that are checked, relative to the repository; the shared packages are one."""
    found = {path.relative_to(REPOSITORY).as_posix() for place in PLACES for path in REPOSITORY.glob(place)}
    return sorted(folder for folder in found if files_of(folder))


def files_of(folder: str) -> list[str]:
    """Its modules, relative to the repository."""
    files = (REPOSITORY / folder).glob("**/*.py" if folder == SHARED else "*.py")
    return sorted(file.relative_to(REPOSITORY).as_posix() for file in files)


def checked(folder: str, cache: Path = REPOSITORY / ".mypy_cache") -> list[str]:
    """What mypy says is wrong in a folder, a line each."""
    stamp = cache / "folders" / f"{folder.replace('/', '+')}.json"
    if is_clean(folder, stamp):
        return []
    errors, read = run_mypy(folder, cache)
    if not errors:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(json.dumps({file: digest(file) for file in [*EVERYWHERE, *read]}))
    return errors


def is_clean(folder: str, stamp: Path) -> bool:
    """Whether it was clean, and nothing that was read has changed since."""
    if not stamp.is_file():
        return False
    was: dict[str, str] = json.loads(stamp.read_text())
    return set(files_of(folder)) <= was.keys() and all(digest(file) == then for file, then in was.items())


def digest(file: str) -> str:
    path = REPOSITORY / file
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def run_mypy(folder: str, cache: Path) -> tuple[list[str], list[str]]:
    """What mypy says of a folder, and the files of ours that it read for it."""
    sources, options = to_check(folder)
    options.cache_dir = str(cache)
    try:
        result = build(sources, options)
    except CompileError as error:
        return error.messages, []
    read = [ours(state.path) for state in result.graph.values() if state.path]
    errors = [line.replace("<string>", f"{folder}/world.py: casebook.world", 1) for line in result.errors]
    return errors, sorted(file for file in read if file)


def to_check(folder: str) -> tuple[Sequence[BuildSource], Options]:
    """The modules of a folder, and where they find others: in the shared packages, their lab's world and exam."""
    sources, options = process_options(["--follow-imports", "silent", *files_of(folder)])
    if folder != SHARED:  # there are packages; elsewhere names are flat, whatever lies above
        sources = [BuildSource(file, Path(file).stem, base_dir=folder) for file in files_of(folder)]
    lab = Path(folder).parts[1]
    template = f"{Path(folder).parent}/labs/world"
    options.mypy_path = [f"labs/{lab}/world", f"scenarios/{lab}", template, SHARED]
    if folder.endswith("/world") and f"{folder}/world.py" in files_of(folder):
        sources.append(BuildSource(None, "held", HELD))
    return sources, options


def ours(path: str) -> str:
    """A file of the repository's own, relative to it; empty for any other."""
    whole = Path(path).resolve()
    inside = whole.is_relative_to(REPOSITORY) and not whole.is_relative_to(Path(sys.prefix).resolve())
    return whole.relative_to(REPOSITORY).as_posix() if inside and whole.is_file() else ""


if __name__ == "__main__":
    sys.exit(main())
