"""Tells whether a file was ever changed in its place or taken away, however short that lasted: from the kernel.

A reader that comes again and again finds a file that is written in one go whole almost every time, and a candidate's
luck must not decide. Linux's inotify tells of every such change; elsewhere nothing does, and readers have to do.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from pathlib import Path

_MODIFY, _DELETE = 0x2, 0x200  # linux/inotify.h
_HEAD = struct.Struct("iIII")
_SAYS = {_MODIFY: "it was written in its place, where a reader may find a part of it", _DELETE: "it was taken away"}


class Watch:
    """Of one name in a folder; a folder that is put in its place later is watched from then on."""

    def __init__(self, folder: Path, name: str) -> None:
        """Begin. OSError: the kernel will not watch any more."""
        self._folder, self._name = folder, name
        self._handle, self._watched = -1, (0, 0)
        if sys.platform == "linux":
            self._libc = ctypes.CDLL(None, use_errno=True)
            self._handle = self._checked(self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
            self._follow()

    def seen(self) -> str:
        """What was done to it since it was last asked, in words; empty if nothing."""
        if self._handle < 0:
            return ""
        found = ""
        while block := self._read():
            found = found or self._said(block)
        self._follow()
        return found

    def close(self) -> None:
        """Watch no more."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _follow(self) -> None:
        try:
            now = os.stat(self._folder)
        except OSError:
            return
        if (now.st_dev, now.st_ino) != self._watched:
            self._checked(self._libc.inotify_add_watch(self._handle, os.fsencode(self._folder), _MODIFY | _DELETE))
            self._watched = (now.st_dev, now.st_ino)

    def _read(self) -> bytes:
        try:
            return os.read(self._handle, 1 << 16)
        except BlockingIOError:
            return b""

    def _said(self, block: bytes) -> str:
        at, wanted = 0, self._name.encode()
        while at < len(block):
            _, mask, _, length = _HEAD.unpack_from(block, at)
            name = block[at + _HEAD.size : at + _HEAD.size + length].rstrip(b"\0")
            at += _HEAD.size + length
            if name == wanted:
                return next((said for bit, said in _SAYS.items() if mask & bit), "")
        return ""

    @staticmethod
    def _checked(result: int) -> int:
        if result < 0:
            number = ctypes.get_errno()
            raise OSError(number, f"a folder cannot be watched: {os.strerror(number)}")
        return result
