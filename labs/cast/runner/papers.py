"""The files that a run is given, and those that are read back when it has ended."""

from __future__ import annotations

import base64
import contextlib
import os
import re
import shutil
import stat
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

MOST_FILES, MOST_COLLECTED = 256, 32
MAX_COLLECTED, MAX_COLLECTED_IN_ALL = 256 << 10, 1 << 20
_NAME = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9._=-]{0,99}(/[a-zA-Z0-9_][a-zA-Z0-9._=-]{0,99}){0,5}")


def files_of(raw: Any) -> dict[str, str]:
    """`files` of an order; ValueError says what was expected."""
    if not isinstance(raw, dict) or len(raw) > MOST_FILES or not all(isinstance(text, str) for text in raw.values()):
        raise ValueError(f"files: an object of at most {MOST_FILES} texts")
    for name in raw:
        _check("files", name)
    return raw


def names_of(raw: Any) -> tuple[str, ...]:
    """`collect` of an order; ValueError says what was expected."""
    if not isinstance(raw, list) or len(raw) > MOST_COLLECTED:
        raise ValueError(f"collect: a list of at most {MOST_COLLECTED} names")
    for name in raw:
        _check("collect", name)
    return tuple(raw)


def _check(key: str, name: Any) -> None:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(f"{key}: names of letters, digits, dots and dashes, at most six parts between slashes")


def write(folder: Path, files: Mapping[str, str], age_ns: Callable[[str], int | None]) -> None:
    """Make a run's folder anew, with files in that order. OSError if it cannot be."""
    if folder.is_symlink() or folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    now = time.time_ns()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="")
        if (age := age_ns(name)) is not None:
            os.utime(path, ns=(now - age, now - age))


def collect(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """What is there under these names, in base64: plain files, by no link, of a bounded size."""
    found, left = {}, MAX_COLLECTED_IN_ALL
    for name in names:
        with contextlib.suppress(OSError):
            data = _read(folder, name.split("/"))
            if data is not None and len(data) <= left:
                found[name] = base64.b64encode(data).decode()
                left -= len(data)
    return found


def _read(folder: Path, parts: list[str]) -> bytes | None:
    with contextlib.ExitStack() as opened:
        here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        opened.callback(os.close, here)
        for part in parts[:-1]:
            here = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
            opened.callback(os.close, here)
        file = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
        opened.callback(os.close, file)
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_COLLECTED:
            return None
        with open(file, "rb", closefd=False) as whole:
            return whole.read(MAX_COLLECTED)


def remove(folder: Path) -> None:
    """A run's folder goes, as far as it can."""
    shutil.rmtree(folder, ignore_errors=True)
