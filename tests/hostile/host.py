"""The grader's machine as bait: a secret in its environment and in a file, something that listens, and an inventory of
what is there before and after."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from infra.home import home
from infra.images import tags
from infra.own import ROOT
from tests.waiting import eventually

ENGINE = ("grader", "infra")
QUIET_S = 30.0
"""In which the last helper processes end."""


class Host:
    """A home, a folder for temporary files and a course of our own, so that whatever is left is a submission's."""

    def __init__(self, folder: Path, course: Path) -> None:
        self.folder, self.course = folder, course
        self.home, self.temporary, self.bait = folder / "home", folder / "tmp", folder / "bait"
        for path in (self.home, self.temporary, self.bait):
            path.mkdir(parents=True)
        for path in (folder, self.home):
            path.chmod(0o755)
        images = home() / "images"
        images.mkdir(parents=True, exist_ok=True)
        (self.home / "images").symlink_to(images)
        self.secret = f"bait-{secrets.token_hex(12)}"
        self.canary, self.witness = self.bait / "canary.txt", self.bait / "witness"
        self.canary.write_text(self.secret)
        self._listener = socket.create_server(("0.0.0.0", 0))
        self.port = self._listener.getsockname()[1]
        self.callers: list[Any] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        """Tell the secret to whoever comes."""
        with suppress(OSError):
            while True:
                connection, caller = self._listener.accept()
                self.callers.append(caller)
                answer = f"HTTP/1.0 200 OK\r\nx-served-by: {self.secret}\r\n\r\n{self.secret}"
                with connection, suppress(OSError):
                    connection.sendall(answer.encode())

    def close(self) -> None:
        self._listener.close()

    def filled(self, text: str) -> str:
        """What a submission that knows this machine says."""
        known = {"CANARY": self.canary, "WITNESS": self.witness, "PORT": self.port, "COURSE": self.course}
        for name, value in {**known, "HOME": self.home, "REPOSITORY": ROOT}.items():
            text = text.replace(f"@{name}@", str(value))
        return text

    @property
    def environment(self) -> dict[str, str]:
        """Of the `lab` that grades."""
        return {
            **os.environ,
            "BROWNOUT_COURSE": str(self.course),
            "BROWNOUT_HOME": str(self.home),
            "HOSTILE_SECRET": self.secret,
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "NO_COLOR": "1",
            "COLUMNS": "100",
        }

    def lab(self, *arguments: str) -> list[str]:
        """The command line, as whoever grades in a folder of the submission would write it."""
        return [sys.executable, "-P", "-m", "grader.cli", *arguments]

    def inventory(self) -> dict[str, str]:
        """All that may not change: the course's files, the bait, the engine and the images."""
        tops = [self.bait, *(self.course / top for top in ("labs", "scenarios")), *(ROOT / top for top in ENGINE)]
        files = [path for top in tops for path in sorted(top.rglob("*")) if "__pycache__" not in path.parts]
        return {**{str(path): _digest(path) for path in files}, **_images()}

    def left(self) -> list[str]:
        """What an exam left, a sentence each; helpers have some seconds to end."""
        with suppress(AssertionError):
            eventually(lambda: not self._left(), within_s=QUIET_S)
        return self._left()

    def _left(self) -> list[str]:
        found = [f"a file: {path}" for top in self._scratch() if top.is_dir() for path in sorted(top.iterdir())]
        return [*found, *_of_docker(self.home), *_processes(self.home)]

    def _scratch(self) -> list[Path]:
        return [self.temporary, self.home / "deployments", self.course / ".brownout" / "stage"]


def _digest(path: Path) -> str:
    if path.is_symlink():
        return f"link {path.readlink()}"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"


def _processes(at: Path) -> list[str]:
    """Those that were told of this home."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get("BROWNOUT_HOME") == str(at):
                found.append(f"process {process.pid}: {' '.join(process.cmdline())[:200]}")
    return found


def _docker() -> Any:
    """Docker's daemon, or None where there is none: then there is nothing of it to look at."""
    from infra.compose.daemon import client

    try:
        api = client()
        api.ping()
    except Exception:
        return None
    return api


def _of_docker(at: Path) -> list[str]:
    """Containers, networks and volumes of deployments of this home."""
    if (api := _docker()) is None:
        return []
    parts = {
        "container": [(one["Id"][:12], one["Labels"]) for one in api.containers(all=True)],
        "network": [(one["Name"], one.get("Labels")) for one in api.networks()],
        "volume": [(one["Name"], one.get("Labels")) for one in api.volumes().get("Volumes") or []],
    }
    return [
        f"{what} {name}"
        for what, all_of_it in parts.items()
        for name, labels in all_of_it
        if any(str(value).startswith(str(at)) for value in (labels or {}).values())
    ]


def _images() -> dict[str, str]:
    """Those that services are made of. Other tests may make and remove others meanwhile."""
    wanted = {tag for name in tags.names() for tag in tags.candidates(name)}
    api = _docker()
    there = [(tag, image["Id"]) for image in (api.images() if api else ()) for tag in image.get("RepoTags") or ()]
    return {tag: id for tag, id in there if tag in wanted}
