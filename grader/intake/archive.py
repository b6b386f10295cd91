"""An archive becomes a folder: `unpacking` runs this module as a process of its own, and gives it what it may take.

What an archive is, its first bytes say. What is wrong with it is one sentence on stdout, without its name.
"""

from __future__ import annotations

import bz2
import contextlib
import errno
import gzip
import lzma
import os
import resource
import signal
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from grader.course import files
from grader.course.files import LETTER, MAX_DEPTH, MOST_ENTRIES, shown
from grader.errors import BadInput
from grader.intake import bundle, tarred, zipped
from grader.intake.tarred import Counted
from grader.intake.zipped import Entry
from grader.lifeline import Lifeline

MOST_BYTES = 32 << 20
"""Of all files of an archive, and of the archive."""

MOST_MEMORY, MOST_FILE, MOST_SECONDS = 512 << 20, 2 * MOST_BYTES, 30
"""Of each process: address space and size of a file in bytes, time of a core."""

REFUSED = 2
_LONGEST_SAID = 400
_INFLATED = MOST_BYTES + tarred.MOST_HEADERS * 1024
_PACKED: dict[bytes, Callable[[IO[bytes]], IO[bytes]]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),  # type: ignore[dict-item, return-value]
    b"BZh": bz2.open,
    b"\xfd7zXZ\0": lzma.open,
}
_ZIP = (b"PK\3\4", b"PK\5\6")


def main(archive: Path, into: Path, scratch: Path) -> int:
    """Unpack, within limits; the exit code is 0, or REFUSED with a sentence on stdout."""
    _limit()
    try:
        unpack(archive, into, scratch)
    except BadInput as error:
        return _refused(str(error))
    except MemoryError:
        return _refused(f"takes more than {MOST_MEMORY >> 20} MiB of memory to unpack; pack it anew")
    except Exception as error:  # whatever a damaged archive makes of those who read it
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _refused(f"cannot be unpacked here ({error.strerror}); free some space")
        return _refused(f"is no whole zip or tar ({shown(error)[:120] or type(error).__name__}); pack it anew")
    return 0


def _refused(why: str) -> int:
    sys.stdout.buffer.write(why[:_LONGEST_SAID].encode("utf-8", "backslashreplace"))
    return REFUSED


def _limit() -> None:
    """Bound this process and all that it starts. If our parent ends, all of them end."""
    signal.signal(signal.SIGHUP, lambda *_: os.killpg(0, signal.SIGKILL))
    lifeline = Lifeline()
    lifeline.ask_kernel()
    limits = {
        resource.RLIMIT_AS: MOST_MEMORY,
        resource.RLIMIT_FSIZE: MOST_FILE,
        resource.RLIMIT_CPU: MOST_SECONDS,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        with contextlib.suppress(ValueError, OSError):  # a lower one is set already, or this system has none
            resource.setrlimit(what, (most, most))


def unpack(archive: Path, into: Path, scratch: Path) -> None:
    """Write each file of an archive below `into`; every entry counts.

    Args:
        archive: a zip, a tar (plain, gz, bz2 or xz) or a git bundle.
        into: a new or empty folder.
        scratch: a new folder, for git.

    Raises:
        BadInput: it is none, or holds what has no place in one; names the entry, not the archive.
        Exception: what damaged archives raise.
    """
    total, count = 0, 0
    into.mkdir(parents=True, exist_ok=True)
    seen: set[PurePosixPath] = set()
    for name, content in _entries(archive, scratch):
        count += 1
        if count > MOST_ENTRIES:
            raise BadInput(f"has {shown(name)} and more than {MOST_ENTRIES} entries; pack it anew")
        if content is None:
            continue
        path = _safe(name)
        if path in seen:
            raise BadInput(f"has {shown(path)} twice; pack it anew")
        seen.add(path)
        data = content.read(min(files.MAX_FILE, MOST_BYTES - total) + 1)
        total += len(data)
        if len(data) > files.MAX_FILE or total > MOST_BYTES:
            raise BadInput(f"{shown(path)} is too large, or all files together; make it smaller")
        if path != PurePosixPath(LETTER):
            files.write(into / path, data)


def _entries(archive: Path, scratch: Path) -> Iterator[Entry]:
    with archive.open("rb") as file:
        head = file.read(tarred.HEAD)
        file.seek(0)
        if head.startswith(_ZIP):
            yield from zipped.entries(file)
            return
        if zipfile.is_zipfile(file):
            raise BadInput("begins as something else and can be read as a zip too, or ends with one; pack it anew")
        file.seek(0)
        if head.startswith(bundle.HEADS):
            with bundle.as_tar(archive, scratch) as stream:
                yield from tarred.entries(Counted(stream, _INFLATED))
            return
        inflated = next((opened(file) for start, opened in _PACKED.items() if head.startswith(start)), file)
        if inflated is file and not tarred.is_tar(head):
            raise BadInput("is no whole zip or tar, and no git bundle; pack it anew")
        yield from tarred.entries(Counted(inflated, _INFLATED))


def _safe(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    bad = path.is_absolute() or ".." in path.parts or not path.parts or "\\" in name or "\0" in name
    if bad or len(path.parts) > MAX_DEPTH:
        raise BadInput(f"{shown(name)} is no name for a file of a submission; leave it out")
    return path


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
