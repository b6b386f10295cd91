"""A draft in a folder of its own, read back, then moved to where readers look."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

ARTEFACTS = Path(os.environ["ARTEFACTS"])


def publish_artefact(tenant: str, night: str, model: list[float], vectors: dict[str, str]) -> str:
    lines = [",".join(map(str, ["model", *model]))]
    lines += [",".join(map(str, [id, vector])) for id, vector in vectors.items()]
    body = ("\n".join(lines) + "\n").encode()
    head = {"tenant": tenant, "night": night, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    whole = json.dumps(head).encode() + b"\n" + body
    with tempfile.TemporaryDirectory(dir=ARTEFACTS / tenant, prefix="draft-") as folder:
        draft = Path(folder) / night
        with open(draft, "xb") as file:
            file.write(whole)
            file.flush()
            os.fsync(file.fileno())
        if hashlib.sha256(draft.read_bytes()).hexdigest() != hashlib.sha256(whole).hexdigest():
            raise OSError(f"{draft}: is not what was written")
        draft.rename(ARTEFACTS / tenant / "model.csv")
    return hashlib.sha256(whole).hexdigest()
