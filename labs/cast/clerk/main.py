"""The clerk: hands out a candidate's files as data. It runs none of them, and holds no token.

Environment: LISTEN (host:port), FILES (the folder). README.md has the API.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path

MOST_FILES, MOST_FOLDERS, MOST_LOOKED_AT = 64, 64, 1000
FILE_BYTES, ALL_BYTES, NAME_CHARACTERS = 64 << 10, 256 << 10, 200
Handed = dict[str, dict[str, str]]


class LeftOut(Exception):
    """A file is not handed out. The message says why."""


def handed_out(top: Path) -> Handed:
    """`{"files": {path: text}, "left_out": {path: why}}` of a folder, as it is now."""
    files: dict[str, str] = {}
    left_out: dict[str, str] = {}
    room = ALL_BYTES
    for name, path in islice(_entries(top), MOST_LOOKED_AT):
        try:
            if len(files) == MOST_FILES:
                raise LeftOut(f"there are more than {MOST_FILES} files")
            text = _text(name, path, room)
            room -= len(text.encode())
            files[name] = text
        except LeftOut as why:
            if len(left_out) < MOST_FILES:
                left_out[name[:NAME_CHARACTERS].encode("utf-8", "replace").decode()] = str(why)
    return {"files": files, "left_out": left_out}


def _entries(top: Path) -> Iterator[tuple[str, Path]]:
    """Everything that is no folder, folder by folder, in order; no link is followed."""
    waiting = [(top, "")]
    for _ in range(MOST_FOLDERS):
        if not waiting:
            return
        folder, inside = waiting.pop(0)
        with contextlib.suppress(OSError), os.scandir(folder) as listing:
            for entry in sorted(islice(listing, MOST_LOOKED_AT), key=lambda entry: entry.name):
                if not entry.is_dir(follow_symlinks=False):
                    yield f"{inside}{entry.name}", Path(entry.path)
                elif entry.name != "__pycache__":
                    waiting.append((Path(entry.path), f"{inside}{entry.name}/"))


def _text(name: str, path: Path, room: int) -> str:
    if len(name) > NAME_CHARACTERS or not name.isprintable():
        raise LeftOut(f"a name has at most {NAME_CHARACTERS} characters, all of which can be printed")
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise LeftOut("no plain file")
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            data = file.read(FILE_BYTES + 1)
        if len(data) > FILE_BYTES:
            raise LeftOut(f"more than {FILE_BYTES >> 10} KiB")
        text = data.decode("utf-8")
    except OSError as error:
        raise LeftOut(f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise LeftOut("not UTF-8") from None
    if len(data) > room:
        raise LeftOut(f"more than {ALL_BYTES >> 10} KiB with the files before it")
    return text


class Desk(BaseHTTPRequestHandler):
    """GET /files and GET /healthz."""

    def do_GET(self) -> None:
        """Whatever the folder holds, there is an answer."""
        found: object = {"status": "ok"}
        if self.path == "/files":
            found = handed_out(Path(os.environ["FILES"]))
        known = self.path in ("/files", "/healthz")
        body = json.dumps(found if known else {"error": "there is no such page"}).encode()
        self.send_response(200 if known else 404)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """No line a request."""


if __name__ == "__main__":
    host, _, port = os.environ["LISTEN"].rpartition(":")
    ThreadingHTTPServer((host, int(port)), Desk).serve_forever()
