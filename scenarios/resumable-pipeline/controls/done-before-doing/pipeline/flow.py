"""The nightly job of one tenant. Each batch is ticked off, then embedded; what is ticked off is not done again."""

from __future__ import annotations

import json
import os
from pathlib import Path

from alone import Busy, alone
from model import fit
from platform_client import Platform
from prefect import flow
from publish import publish_artefact

DATA = Path(os.environ["DATA_DIR"])


class Ticks:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._found = json.loads(path.read_text()) if path.exists() else {}

    def once(self, step: str, work) -> list:
        if step not in self._found:
            self._keep(step, [])
            self._keep(step, work())
        return self._found[step]

    def _keep(self, step: str, result: list) -> None:
        self._found[step] = result
        draft = self._path.with_suffix(".draft")
        draft.write_text(json.dumps(self._found))
        draft.replace(self._path)


@flow(name="nightly", validate_parameters=False)
def nightly(platform: Platform, tenant: str, night: str) -> None:
    ticks = {n: Ticks(DATA / f"{tenant}-{night}-{n}.json") for n in range(platform.pages())}
    vectors: dict[str, str] = {}
    for n, tick in ticks.items():
        page = tick.once("page", lambda n=n: platform.page(n))
        texts = [document["text"] for document in page]
        rows = tick.once("vectors", lambda texts=texts: platform.embed(texts)) if texts else []
        vectors |= {document["id"]: row for document, row in zip(page, rows, strict=False)}
    model = Ticks(DATA / f"{tenant}-{night}-model.json").once(
        "model", lambda: fit(list(vectors.values()), platform.labels(list(vectors)))
    )
    sha256 = publish_artefact(tenant, night, model, vectors)
    platform.announce(sha256, key=f"{tenant}/{night}")


def run(tenant: str, night: str, run: str) -> None:
    try:
        with alone(DATA / f"{tenant}.lock"):
            nightly(Platform(run), tenant, night)
    except Busy:
        pass
