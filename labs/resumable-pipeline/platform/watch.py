"""Tells whether a file was ever changed in its place or taken away, however short that lasted: from the kernel.

A reader that comes again and again finds a file that is written in one go whole almost every time, and a candidate's
luck must not decide. Linux's inotify tells of every such change; elsewhere nothing does, and readers have to do.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path

_MODIFY, _GONE, _FOLDER = 0x2, 0x240, 0xC00  # linux/inotify.h; both are deleted or moved
_LEFT, _CAME, _MADE, _IS_FOLDER = 0x40, 0x80, 0x100, 1 << 30
_NO_LINK = 0x02000000
_HEAD = struct.Struct("iIII")
_SAYS = {
    _MODIFY: "it was written in its place, where a reader may find a part of it",
    _GONE: "it was taken away",
    _FOLDER: "its folder was taken away",
    _CAME: "it was moved in from elsewhere, which may be another disk: there a reader may find a part of it",
}


@dataclass
class Watch:
    """Of one name in a folder. `seen` is what was done to it first since that was last emptied, in words; `parted`
    tells whether there was ever a folder below: a file that came from there did not come from elsewhere."""

    folder: Path
    name: bytes
    seen: str = ""
    parted: bool = False
    _at: dict[Path, tuple[int, int]] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Where the file is found."""
        return self.folder / os.fsdecode(self.name)

    def moved(self, path: Path) -> bool:
        """Whether another folder or file, one that is there, is in this place since this was last asked."""
        try:
            now = os.lstat(path)
        except OSError:
            return False
        before, self._at[path] = self._at.get(path), (now.st_dev, now.st_ino)
        return before != self._at[path]


class Kernel:
    """What the kernel tells of all watches: one instance, since a user may have few of them (128 by default)."""

    def __init__(self) -> None:
        """OSError: the kernel will not watch for us."""
        self._handle = -1
        self._watches: dict[int, Watch] = {}
        self._files: dict[Path, int] = {}
        self._under_way: set[int] = set()
        if sys.platform == "linux":
            self._libc = ctypes.CDLL(None, use_errno=True)
            self._handle = self._checked(self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))

    def watch(self, folder: Path, name: str) -> Watch:
        """Watch a name in a folder; a folder that is put in its place later is watched from `look` on."""
        watch = Watch(folder, name.encode())
        self._follow(watch)
        return watch

    def look(self, watch: Watch) -> str:
        """What was done to it since it was last asked for, in words; empty if nothing."""
        while block := self._read():
            self._hear(block)
        self._follow(watch)
        seen, watch.seen = watch.seen, ""
        return seen

    def close(self) -> None:
        """Watch no more."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _follow(self, watch: Watch) -> None:
        if self._handle >= 0 and watch.moved(watch.folder):
            found = self._add(watch.folder, _MODIFY | _GONE | _FOLDER | _CAME | _MADE)
            self._watches[self._checked(found)] = watch
        if self._handle >= 0 and watch.moved(watch.path):
            self._follow_file(watch)

    def _follow_file(self, watch: Watch) -> None:
        """Watch the file itself: of what is done to it by another name, a hard link, its folder hears nothing."""
        self._let_go(watch)
        if (found := self._add(watch.path, _MODIFY | _NO_LINK)) >= 0:  # else it was taken away since
            self._files[watch.path] = found
            self._watches[found] = watch

    def _let_go(self, watch: Watch) -> None:
        """Hear no more of the file that was watched, as another one has come."""
        if (file := self._files.pop(watch.path, None)) is not None:
            del self._watches[file]
            self._libc.inotify_rm_watch(self._handle, file)

    def _add(self, path: Path, what: int) -> int:
        return int(self._libc.inotify_add_watch(self._handle, os.fsencode(path), what))

    def _read(self) -> bytes:
        try:
            return os.read(self._handle, 1 << 16) if self._handle >= 0 else b""
        except BlockingIOError:
            return b""

    def _hear(self, block: bytes) -> None:
        at = 0
        while at < len(block):
            number, mask, move, length = _HEAD.unpack_from(block, at)
            name = block[at + _HEAD.size : at + _HEAD.size + length].rstrip(b"\0")
            at += _HEAD.size + length
            watch = self._watches.get(number)
            if watch is not None and mask & _CAME and name == watch.name:
                self._let_go(watch)  # what is done from here on to the one of before is no reader's concern
            if mask & _LEFT:
                self._under_way.add(move)
            elif watch is not None and mask & _IS_FOLDER:
                watch.parted = watch.parted or bool(mask & (_CAME | _MADE))
            if mask & _CAME and (move in self._under_way or (watch is not None and watch.parted)):
                self._under_way.discard(move)
                mask &= ~_CAME
            if watch is not None and name in (watch.name, b"") and not watch.seen:  # without a name: the folder
                watch.seen = next((said for bit, said in _SAYS.items() if mask & bit), "")

    @staticmethod
    def _checked(result: int) -> int:
        if result < 0:
            number = ctypes.get_errno()
            raise OSError(number, f"a folder cannot be watched: {os.strerror(number)}")
        return result
