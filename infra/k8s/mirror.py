"""Files that a post writes, brought to the same paths of this machine."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from infra.k8s import state
from infra.k8s.line import Line


def fetch(line: Line, folder: Path, *, whole: bool) -> None:
    """Bring what is new below `folder`; each piece is written at its own place, so several may fetch at once.

    Raises:
        PlatformBroken: the post is gone.
    """
    while True:
        have = {str(path): path.stat().st_size for path in folder.rglob("*") if path.is_file()}
        pieces = line.ask("changes", have=have, whole=whole)
        for name, at, packed in pieces:
            _write(Path(name), folder, int(at), base64.b64decode(packed))
        if not pieces or not whole:
            return


def give(line: Line, folder: Path, home: str) -> None:
    """Give the post what processes there need to begin: plans, and the records of deployments, under its own home."""
    files = [path for path in folder.glob("*.json") if path.is_file()]
    pairs = [(str(path), path.read_bytes()) for path in files]
    for record in state.records():
        if record.parts:
            path = state.folder(record.name) / state.FILE
            pairs.append((f"{home}/k8s/{record.name}/{state.FILE}", path.read_bytes()))
    line.ask("put", files=[(name, base64.b64encode(data).decode()) for name, data in pairs])


def _write(path: Path, folder: Path, at: int, data: bytes) -> None:
    if not path.resolve().is_relative_to(folder.resolve()):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        os.pwrite(descriptor, data, at)
    finally:
        os.close(descriptor)
