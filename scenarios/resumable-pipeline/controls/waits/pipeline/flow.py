"""The nightly job of one tenant. A run goes on where the last one was killed.

Every answer that is paid for is kept in a file of its own before it is used, and the artefact is made of those files
alone: each run makes the same one.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model import fit
from platform_client import Platform
from prefect import flow
from publish import publish_artefact
from steps import Steps

DATA = Path(os.environ["DATA_DIR"]) / "nights"
BATCH = 40


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Wait until no other run has the lock; the kernel gives it back when its holder dies, however that happens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@flow(name="nightly", validate_parameters=False)
def nightly(tenant: str, night: str, run: str) -> None:
    platform = Platform(run)
    with turn(DATA / tenant / "lock"):
        steps = Steps(DATA / tenant / night)
        documents: list[dict] = []
        for number in range(platform.pages()):
            documents += steps.once(f"page-{number}", lambda number=number: platform.page(number))
        vectors: list[str] = []
        for start in range(0, len(documents), BATCH):
            texts = [document["text"] for document in documents[start : start + BATCH]]
            vectors += steps.once(f"vectors-{start}", lambda texts=texts: platform.embed(texts))
        ids = [document["id"] for document in documents]
        labels = steps.once("labels", lambda: platform.labels(ids))
        sha256 = publish_artefact(tenant, night, fit(vectors, labels), dict(zip(ids, vectors, strict=True)))
        platform.announce(sha256, key=f"{tenant}/{night}")


def run(tenant: str, night: str, run: str) -> None:
    nightly(tenant, night, run)
