"""Puts a tenant's artefact where its readers look for it: whole, or not at all."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

ARTEFACTS = Path(os.environ["ARTEFACTS"])


def publish_artefact(tenant: str, night: str, model: list[float], vectors: dict[str, str]) -> str:
    """Returns the SHA-256 of the file. What is there stays there until the new one is on the disk."""
    whole = _artefact(tenant, night, model, vectors)
    path = ARTEFACTS / tenant / "model.csv"
    draft = path.with_suffix(".draft")
    try:
        with draft.open("wb") as file:
            file.write(whole)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    os.replace(draft, path)
    return hashlib.sha256(whole).hexdigest()


def _artefact(tenant: str, night: str, model: list[float], vectors: dict[str, str]) -> bytes:
    rows = [["model", *model], *([id, vector] for id, vector in vectors.items())]
    body = "".join(",".join(map(str, row)) + "\n" for row in rows).encode()
    head = {"tenant": tenant, "night": night, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    return json.dumps(head).encode() + b"\n" + body
