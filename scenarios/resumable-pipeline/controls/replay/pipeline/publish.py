"""Sees to it that a tenant's readers find tonight's artefact."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from files import swap_in

ARTEFACTS = Path(os.environ["ARTEFACTS"])


def publish(tenant: str, night: str, weights: list[float], rows: Iterable[tuple[str, str]]) -> str:
    """The file's SHA-256. A file that is that already stays as it is; one that is not gives way in one step."""
    body = b"".join(_row("model", ",".join(map(repr, weights))) if row is None else _row(*row) for row in (None, *rows))
    head = json.dumps({"tenant": tenant, "night": night, "bytes": len(body), "sha256": _digest(body)}).encode()
    wanted = head + b"\n" + body
    path = ARTEFACTS / tenant / "model.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    if _found(path) != wanted:
        swap_in(path, wanted)
    return _digest(wanted)


def _row(name: str, numbers: str) -> bytes:
    return f"{name},{numbers}\n".encode()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _found(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None
