"""A lab as a repository of its own, for one candidate: all that is needed to work on it, and nothing of its exam."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path, PurePosixPath
from string import Template

from grader.course import catalog, files
from grader.course.files import LETTER, shown
from grader.course.spec import Lab
from grader.errors import BadInput
from grader.hiring import seeds
from grader.proof.digests import cast_of, lab_digest

TEMPLATES = Path(__file__).parent / "templates"
_OURS = {"README.md", "Makefile"}
_NOT_GIVEN = "grader/authoring/templates/"
"""Labs of `lab new`, with their exams: how an exam is made, and what is no good answer to one."""


def export(lab_id: str, to: Path, candidate: str = "", key: bytes = b"") -> list[str]:
    """Write a repository with the lab, its rehearsal and the engine that runs them.

    Args:
        lab_id: the lab; its exam has to be here too, for its version is bound to the letter.
        to: a new or empty folder.
        candidate: name or pseudonym; may be left out.
        key: the team's; with it the letter has the commitment to the candidate's seed.

    Returns:
        The paths written, relative to `to`, in order.

    Raises:
        BadInput: no such lab, or the folder is not empty or cannot be written.
    """
    lab = catalog.find_lab(lab_id)
    letter = _letter(lab, candidate, key)
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise BadInput(f"{shown(to)}: is not empty; name a new folder with --to")
    made = to.with_name(f".{to.name}.part")
    try:
        for name, path in given(lab):
            files.write(made / name, path.read_bytes(), bool(path.stat().st_mode & 0o100))
        for path in sorted(path for path in TEMPLATES.rglob("*") if path.is_file()):
            name = str(path.relative_to(TEMPLATES)).replace("gitignore", ".gitignore")
            files.write(made / name, _filled(path, lab, candidate).encode())
        files.write(made / LETTER, (json.dumps(letter, indent=2) + "\n").encode())
        written = sorted(str(path.relative_to(made)) for path in made.rglob("*") if path.is_file())
        _commit(made)
        if to.is_dir():
            to.rmdir()
        made.rename(to)
    except OSError as error:
        raise BadInput(f"{shown(to)}: cannot be written ({error.strerror}); name another folder with --to") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return written


def _letter(lab: Lab, candidate: str, key: bytes) -> dict[str, str]:
    """Which lab, which version of it, for whom; what comes back is held against it."""
    version = lab_digest(catalog.find_scenario(lab))
    letter = {"lab": lab.id, "version": version, "engine": metadata.version("brownout"), "candidate": candidate}
    if key:
        letter["commitment"] = seeds.commitment(key, candidate, lab.id, version)
    return letter


def given(lab: Lab) -> Iterator[tuple[str, Path]]:
    """Name in the repository and file: the lab as a workspace to edit and as shipped, its cast, the engine."""
    root = catalog.root()
    for name in (*catalog.GIVEN, "infra/setup.sh", "docs/candidate.md"):
        if name not in _OURS:
            given = _below(catalog.ENGINE, catalog.ENGINE / name)
            yield from ((name, path) for name, path in given if not name.startswith(_NOT_GIVEN))
    yield from _below(root, lab.folder)
    yield from ((f"work/{name.removeprefix('labs/')}", path) for name, path in _below(root, lab.folder))
    for part in sorted(cast_of(catalog.rehearsal(lab))):
        yield from _below(root, part)


def _below(top: Path, path: Path) -> Iterator[tuple[str, Path]]:
    """What git tracks of a file or folder: what else lies there, `.env` for one, is nobody's but ours. Outside of a
    repository, all but names that begin with a dot."""
    if not path.exists():
        return
    tracked = _tracked(path)
    if tracked is not None and not tracked:
        raise BadInput(
            f"git tracks nothing of {shown(path)}, and only what it tracks is given away; `git add` it first"
        )
    within = [found.path for found in files.walk(path) if found.kind == "file"] if path.is_dir() else [PurePosixPath()]
    for name in within:
        dotted = any(part.startswith(".") for part in name.parts)
        if (path / name in tracked) if tracked is not None else not dotted:
            yield str((path / name).relative_to(top)), path / name


def _tracked(path: Path) -> set[Path] | None:
    """Files that git tracks there; None where there is no git, or no repository."""
    where = path if path.is_dir() else path.parent
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    words = ["git", "-C", str(where), "ls-files", "-z", "--", "." if path.is_dir() else path.name]
    try:
        done = subprocess.run(words, capture_output=True, env=own)
    except OSError:
        return None
    names = map(os.fsdecode, done.stdout.split(b"\0"))
    return {where / name for name in names if name} if done.returncode == 0 else None


def _filled(path: Path, lab: Lab, candidate: str) -> str:
    words = {"lab": lab.id, "title": lab.spec.title, "minutes": str(lab.spec.minutes), "open": " ".join(lab.spec.open)}
    return Template(path.read_text("utf-8")).substitute(words, greeting=f"For {candidate}. " if candidate else "")


def _commit(folder: Path) -> None:
    """One commit and no history, by nobody in particular; left out where git is not there."""
    if shutil.which("git") is None:
        return
    git = ["git", "-C", str(folder), "-c", "user.name=Brownout", "-c", "user.email=brownout@localhost"]
    for words in (["init", "--quiet", "--initial-branch=main"], ["add", "--all"], ["commit", "--quiet", "-m", "Begin"]):
        done = subprocess.run([*git, *words], capture_output=True, text=True)
        if done.returncode:
            raise BadInput(f"git {words[0]} failed: {done.stderr.strip()[:200]}")
