"""The nightly job of one tenant: extract, embed, train, publish. A run goes on where the last one was written down."""

from __future__ import annotations

import os
from pathlib import Path

from alone import Busy, alone
from memory import Memory
from model import fit
from platform_client import Platform
from prefect import flow
from publish import publish_artefact

DATA = Path(os.environ["DATA_DIR"])


@flow(name="nightly", validate_parameters=False)
def nightly(platform: Platform, memory: Memory, tenant: str, night: str) -> None:
    vectors: dict[str, str] = {}
    for number in range(platform.pages()):
        page = memory.once(f"page-{number}", lambda number=number: platform.page(number))
        texts = [document["text"] for document in page]
        rows = memory.once(f"vectors-{number}", lambda texts=texts: platform.embed(texts))
        vectors |= {document["id"]: row for document, row in zip(page, rows, strict=True)}
    labels = memory.once("labels", lambda: platform.labels(list(vectors)))
    memory.keep()
    sha256 = publish_artefact(tenant, night, fit(list(vectors.values()), labels), vectors)
    platform.announce(sha256, key=f"{tenant}/{night}")


def run(tenant: str, night: str, run: str) -> None:
    try:
        with alone(DATA / f"{tenant}.lock"):
            nightly(Platform(run), Memory(DATA / f"{tenant}-{night}", tenant), tenant, night)
    except Busy:
        print(f"{tenant}: another run has this night in hand", flush=True)
