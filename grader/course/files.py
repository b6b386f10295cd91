"""The files of a lab, a workspace or a submission: which count, which are open, and how they are read without trust."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.errors import BadInput
from grader.safe import disarmed

MAX_FILE = 1 << 20
MAX_DEPTH = 32
MOST_ENTRIES = 4096
"""Files, or files and folders, that anything which is handed in may have, open or not."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_IGNORED_FOLDERS = {"__pycache__", ".git", ".idea", ".vscode", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
_IGNORED_FOLDERS |= {"__MACOSX"}  # what a Mac puts beside what it zips
LETTER = "takehome.json"
"""What `lab export` puts beside a task, and `lab pack` beside what is handed in: it is nobody's code."""

_IGNORED_FILES = {".DS_Store", "Thumbs.db", "4913", LETTER}
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


class Folder:
    """A folder whose content somebody else may change at any moment, held open until it is closed.

    Every level below it is opened from the one above, and no link is followed: what is swapped for a link while this
    reads never leads out of the folder.
    """

    def __init__(self, top: Path, *, most: int | None = None, handle: int | None = None) -> None:
        """`most`: how many entries `walk` may meet; `handle`: the folder, if it is open already.

        Raises:
            BadInput: it is not there, or no folder.
        """
        self.top, self._most = top, most
        try:
            self._handle = os.open(top, _FOLDER & ~os.O_NOFOLLOW) if handle is None else handle
        except OSError as error:
            raise BadInput(f"{shown(top)} is not a folder that can be read: {error.strerror}") from error

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def below(self, *names: str) -> Folder | None:
        """A folder in this one, to be closed by itself; None if there is none, or a link on the way."""
        try:
            with _descended(self._handle, names) as handle:
                return Folder(self.top.joinpath(*names), most=self._most, handle=os.dup(handle))
        except OSError:
            return None

    def walk(self) -> Iterator[Found]:
        """Every entry that counts, in order; links are reported and never followed.

        Raises:
            BadInput: a folder cannot be read, or is more than MAX_DEPTH folders deep; or there are more entries than
                `most`, folders too.
        """
        yield from self._walk(self._handle, PurePosixPath(), itertools.count(1))

    def _walk(self, handle: int, at: PurePosixPath, seen: Iterator[int]) -> Iterator[Found]:
        if len(at.parts) > MAX_DEPTH:
            raise BadInput(
                f"{shown(self.top)}: has folders more than {MAX_DEPTH} deep in {shown(at.parts[0])}; move them up"
            )
        try:
            for entry in self._entries(handle, seen):
                if entry.is_dir(follow_symlinks=False):
                    if not ignored(entry.name, folder=True):
                        with _descended(handle, (entry.name,)) as below:
                            yield from self._walk(below, at / entry.name, seen)
                elif not ignored(entry.name, folder=False):
                    status = entry.stat(follow_symlinks=False)
                    yield Found(at / entry.name, _kind(status.st_mode), status.st_size, bool(status.st_mode & 0o100))
        except OSError as error:
            name = error.filename if isinstance(error.filename, str) else ""
            raise BadInput(f"{shown(self.top / at / name)} cannot be read: {error.strerror}") from error

    def _entries(self, handle: int, seen: Iterator[int]) -> list[os.DirEntry[str]]:
        with os.scandir(handle) as listing:
            entries = []
            for entry in listing:
                if self._most is not None and next(seen) > self._most:
                    raise BadInput(f"{shown(self.top)} holds more than {self._most} files and folders; remove some")
                entries.append(entry)
        return sorted(entries, key=lambda entry: entry.name)

    def read(self, path: PurePosixPath, limit: int = MAX_FILE, *, alone: bool = False) -> bytes:
        """A regular file's bytes; `alone`: one that has no other name, so that it is nobody else's too.

        Raises:
            BadInput: it is a link or lies behind one, is not a regular file, is larger than `limit` bytes, or cannot
                be read.
        """
        try:
            with _descended(self._handle, path.parts[:-1]) as handle:
                return _read(path.name, self.top / path, limit, handle, alone=alone)
        except OSError as error:
            raise _unreadable(self.top / path, error) from error


def walk(top: Path) -> Iterator[Found]:
    """`Folder.walk` of a folder of ours."""
    with Folder(top) as folder:
        yield from folder.walk()


@contextlib.contextmanager
def _descended(handle: int, names: Sequence[str]) -> Iterator[int]:
    """A folder some levels below an open one, open too; OSError where a level is no folder, a link for example."""
    at = os.dup(handle)
    try:
        for name in names:
            above, at = at, os.open(name, _FOLDER, dir_fd=at)
            os.close(above)
        yield at
    finally:
        os.close(at)


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
        return _read(path, path, limit)
    except OSError as error:
        raise _unreadable(path, error) from error


def _read(name: Path | str, path: Path, limit: int, folder: int | None = None, *, alone: bool = False) -> bytes:
    """`name` is opened in `folder`; `path` is for messages. Raises OSError where it cannot be opened."""
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise BadInput(f"{shown(path)} is not a regular file; remove it")
        if alone and status.st_nlink > 1:
            raise BadInput(f"{shown(path)} is a hard link, another name of a file elsewhere; replace it with a copy")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise BadInput(f"{shown(path)} is larger than {limit >> 10} KiB; make it smaller")
    return data


def _unreadable(path: Path, error: OSError) -> BadInput:
    why = "is a symbolic link" if error.errno == errno.ELOOP else f"cannot be read: {error.strerror}"
    return BadInput(f"{shown(path)} {why}")


def write(path: Path, data: bytes, executable: bool = False) -> None:
    """Write a file with its folders, readable by the users that services run as."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(0o755 if executable else 0o644)


def shown(path: object) -> str:
    """A path for a message: what a terminal must not be sent is escaped, and what a CI system obeys disarmed."""
    text = disarmed(str(path))
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
