"""Writes a tenant's artefact where its readers look for it."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from steps import replace_file

ARTEFACTS = Path(os.environ["ARTEFACTS"])


def publish_artefact(tenant: str, night: str, model: list[float], vectors: dict[str, str]) -> str:
    """Returns the SHA-256 of the file. The same night's is the same to the byte, and is then left alone."""
    rows = [["model", *model], *([id, vector] for id, vector in vectors.items())]
    body = "".join(",".join(map(str, row)) + "\n" for row in rows).encode()
    head = {"tenant": tenant, "night": night, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    content = json.dumps(head).encode() + b"\n" + body
    path = ARTEFACTS / tenant / "model.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.is_symlink() or path.read_bytes() != content:
        replace_file(path, content)
    return hashlib.sha256(content).hexdigest()
