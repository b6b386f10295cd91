"""The files of a lab, a workspace or a submission: which count, which are open, and how they are read without trust."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.errors import BadInput
from grader.safe import disarmed

MAX_FILE = 1 << 20
MAX_DEPTH = 32
_IGNORED_FOLDERS = {"__pycache__", ".git", ".idea", ".vscode", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
_IGNORED_FILES = {".DS_Store", "Thumbs.db", "4913"}
_IGNORED_ENDS = ("~", ".swp", ".swo", ".swx", ".orig", ".rej")


@dataclass(frozen=True)
class Found:
    """One entry of a tree. `path` is relative to the tree; `kind` is file, link or special; size in bytes."""

    path: PurePosixPath
    kind: str
    size: int
    executable: bool


def ignored(name: str, folder: bool) -> bool:
    """Whether an entry is what tools and editors leave lying about."""
    if folder:
        return name in _IGNORED_FOLDERS
    return name in _IGNORED_FILES or name.endswith(_IGNORED_ENDS) or name.startswith((".#", "#"))


def walk(top: Path) -> Iterator[Found]:
    """Every entry below a folder that counts, in order; links are reported and never followed.

    Raises:
        BadInput: a folder cannot be read, or is more than MAX_DEPTH folders deep.
    """
    yield from _walk(top, PurePosixPath())


def _walk(top: Path, at: PurePosixPath) -> Iterator[Found]:
    if len(at.parts) > MAX_DEPTH:
        raise BadInput(f"{shown(top)}: has folders more than {MAX_DEPTH} deep in {shown(at.parts[0])}; move them up")
    try:
        with os.scandir(top / at) as listing:
            names = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        raise BadInput(f"{shown(top / at)} cannot be read: {error.strerror}") from error
    for entry in names:
        if entry.is_dir(follow_symlinks=False):
            if not ignored(entry.name, folder=True):
                yield from _walk(top, at / entry.name)
        elif not ignored(entry.name, folder=False):
            status = entry.stat(follow_symlinks=False)
            yield Found(at / entry.name, _kind(status.st_mode), status.st_size, bool(status.st_mode & 0o100))


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "link"
    return "file" if stat.S_ISREG(mode) else "special"


def is_open(path: PurePosixPath, entries: tuple[str, ...]) -> bool:
    """Whether a file lies in one of lab.yaml's open entries (files or folders, relative to the lab)."""
    for entry in entries:
        opened = PurePosixPath(entry.removesuffix("/**").rstrip("/"))
        if path == opened or opened in path.parents:
            return True
    return False


def read(path: Path, limit: int = MAX_FILE) -> bytes:
    """A regular file's bytes, read without following a link.

    Raises:
        BadInput: it is a link, not a regular file, larger than `limit` bytes, or cannot be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        why = "is a symbolic link" if error.errno == errno.ELOOP else f"cannot be read: {error.strerror}"
        raise BadInput(f"{shown(path)} {why}") from error
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise BadInput(f"{shown(path)} is not a regular file; remove it")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise BadInput(f"{shown(path)} is larger than {limit >> 10} KiB; make it smaller")
    return data


def write(path: Path, data: bytes, executable: bool = False) -> None:
    """Write a file with its folders, readable by the users that services run as."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(0o755 if executable else 0o644)


def shown(path: object) -> str:
    """A path for a message: what a terminal must not be sent is escaped, and what a CI system obeys disarmed."""
    text = disarmed(str(path))
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
