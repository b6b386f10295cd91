"""Digests of what a proof depends on: a lab, a control of it, and the engine that examines them.

Each is the SHA-256 of names and bytes of files, its first 16 hexadecimal digits. A lab's digest covers its folder, its
exam's, the cast folders that its system mounts or its code names, and the locks of its images. A brief, hints and a
debrief are for people and count for nothing; nor do twists, which no exam holds; nor do controls, which have digests of
their own, so that a new one leaves the rows of the others as they are.

The `minutes` of lab.yaml are for people as well, but they stand in a file that counts. So the digest has `minutes: 0`
in their place; of a lab whose rows were proven while they still counted, it has those of then, which most rows agree
with. All else in the file counts as ever.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from grader.course import catalog
from grader.course.spec import DETAILS, Scenario
from grader.course.twist import TWISTS
from grader.intake.submission import Submission
from infra import own
from infra.system import System, load_system

LEDGER = "ledger.jsonl"
ROOM = "room.json"
FOR_PEOPLE = {"README.md", DETAILS, "hints.md", "debrief.md", "notes.md", "attacks.md", "reader.md", catalog.DRAFT}
FOR_PEOPLE |= {"audit.yaml", "pass.jsonl.gz"}  # of `lab audit`, which judges nobody
"""Files at the top of a lab's, a scenario's or a cast folder that no verdict depends on."""

_LEFT_ASIDE = {"authoring", "classroom", "cli", "formats", "hiring", "pages", "practice", "proof", "report"}
"""Packages of `grader` that change no verdict."""

_INFRA = ("common", "images")

_MINUTES = re.compile(rb"^minutes: *\d+", re.MULTILINE)
_MOST_MINUTES = 240


def lab_digest(scenario: Scenario) -> str:
    """Digest of a lab and its exam."""
    folder = scenario.lab.folder
    system = load_system(folder / "compose.yaml", scenario.lab.spec.open)
    files = [*_own(folder), *_exam(scenario.folder)]
    for part in cast_of(scenario):
        files += _own(part)
    files += _locks(system)
    systems = sorted({trial.system for trial in scenario.spec.trials} - {"", "shipped"})
    words = [control_digest(scenario, name) for name in systems]
    sums = _sums(_read(files, catalog.root()))
    proven = _text(scenario.folder / LEDGER)
    digests = (_joined(sums | _told(folder, minutes), words) for minutes in range(_MOST_MINUTES + 1))
    return max(digests, key=lambda one: proven.count(f'"{one}"'))


def _told(folder: Path, minutes: int) -> dict[str, str]:
    """Give the sum of lab.yaml as it would be with so many minutes."""
    path = folder / "lab.yaml"
    data = _MINUTES.sub(b"minutes: %d" % minutes, path.read_bytes(), count=1)
    return _sums({str(path.relative_to(catalog.root())): data})


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""  # without a ledger nothing is proven


def control_digest(scenario: Scenario, name: str) -> str:
    """Digest of a control: the open files that it hands in, and what its verdict has to be."""
    control = scenario.controls[name]
    wanted = json.dumps([control.kind, control.fails, *control.also])
    if control.kind == "shipped":
        return _digest((), catalog.root(), wanted)
    return _sum({str(path): file.data for path, file in scenario.edited(name).items()}, wanted)


def digest_of(submission: Submission, *words: str) -> str:
    """Digest of the open files that a staged submission has, and of some words."""
    return _digest((submission.path / path for path in submission.files), submission.path, *words)


@cache
def engine_digest(runtime: str) -> str:
    """Digest of the engine as it examines on this runtime."""
    grader, infra = own.ROOT / "grader", own.ROOT / "infra"
    files = [path for path in grader.rglob("*.py") if path.relative_to(grader).parts[0] not in _LEFT_ASIDE]
    files += infra.glob("*.py")
    for name in (*_INFRA, runtime):
        files += (infra / name).rglob("*.py")
    return _digest([*files, own.ROOT / "requirements.txt"], own.ROOT)


def _own(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        at_top = path.parent == folder and (path.name in FOR_PEOPLE or path.name == ROOM or LEDGER in path.name)
        if path.is_file() and not at_top and "__pycache__" not in path.parts:
            yield path


def _exam(folder: Path) -> Iterator[Path]:
    """Files of an exam itself: its controls and its twists are no part of it."""
    return (path for path in _own(folder) if not {"controls", TWISTS}.intersection(path.relative_to(folder).parts))


def _locks(system: System) -> Iterator[Path]:
    for image in system.images:
        for name in ("requirements.txt", "Dockerfile", "debs.txt"):
            path = own.ROOT / "infra" / "images" / image / name
            if path.is_file():
                yield path


def cast_of(scenario: Scenario) -> set[Path]:
    """Folders of the cast that a lab and this scenario of it lean on; of the shared modules in `lib`, only the packages
    that are imported."""
    system = load_system(scenario.lab.folder / "compose.yaml", scenario.lab.spec.open)
    cast = catalog.root() / "labs" / "cast"
    mounted = {_top(mount.source, cast) for service in system.services.values() for mount in service.mounts}
    parts = {part for part in mounted if part is not None and part.name != "lib"}
    named = _names([*_own(scenario.lab.folder), *_exam(scenario.folder)])
    named |= {word for service in system.services.values() for word in service.command}
    parts |= {cast / name for name in named if name != "lib" and _is_name(name) and (cast / name).is_dir()}
    return parts | _packages(cast / "lib", named | _names(path for part in parts for path in _own(part)))


def _packages(lib: Path, named: set[str]) -> set[Path]:
    """Packages and modules of `lib` of these names, and those that they import."""
    found: set[Path] = set()
    while new := {lib / name for name in named if _is_name(name) and (lib / name).is_dir()} - found:
        found |= new
        named = _names(path for package in new for path in _own(package))
    return found


def _is_name(word: str) -> bool:
    return word.replace("-", "_").isidentifier()


def _top(source: Path, cast: Path) -> Path | None:
    if cast not in source.parents:
        return None
    return cast / source.relative_to(cast).parts[0]


def _names(paths: Iterable[Path]) -> set[str]:
    """Top-level modules that Python files import, and every text in them that could be a name."""
    found: set[str] = set()
    for path in paths:
        if path.suffix == ".py":
            found |= _named(path.read_bytes())
    return found


@cache
def _named(code: bytes) -> set[str]:
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return set()  # a broken file is part of some labs
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 40:
            found |= set(node.value.split("/"))
    return found


def _digest(files: Iterable[Path], top: Path, *words: str) -> str:
    return _sum(_read(files, top), *words)


def _read(files: Iterable[Path], top: Path) -> dict[str, bytes]:
    named = {str(path.relative_to(top) if top in path.parents else path.relative_to(own.ROOT)): path for path in files}
    return {name: path.read_bytes() for name, path in named.items()}


def _sum(files: Mapping[str, bytes], *words: str) -> str:
    return _joined(_sums(files), words)


def _sums(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def _joined(sums: Mapping[str, str], words: Iterable[str]) -> str:
    sha = hashlib.sha256()
    for name in sorted(sums):
        sha.update(f"{name}\0{sums[name]}\n".encode())
    for word in words:
        sha.update(f"{word}\n".encode())
    return sha.hexdigest()[:16]
