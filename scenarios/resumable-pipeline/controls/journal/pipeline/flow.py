"""The nightly job of one tenant, as a walk through a journal: what is written there is never done again."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from journal import Journal, Taken
from model import fit
from platform_client import Platform
from prefect import flow
from publish import publish_artefact

DATA = Path(os.environ["DATA_DIR"])


@flow(name="nightly", validate_parameters=False)
def nightly(platform: Platform, journal: Journal, tenant: str, night: str) -> None:
    pages = [journal.once(f"page {n}", lambda n=n: platform.page(n)) for n in range(platform.pages())]
    vectors: dict[str, str] = {}
    for n, page in enumerate(pages):
        texts = [document["text"] for document in page]
        rows = journal.once(f"vectors {n}", lambda texts=texts: platform.embed(texts))
        vectors |= {document["id"]: row for document, row in zip(page, rows, strict=True)}
    labels = journal.once("labels", lambda: platform.labels(list(vectors)))
    sha256 = publish_artefact(tenant, night, fit(list(vectors.values()), labels), vectors)
    journal.once("announced", lambda: platform.announce(sha256, key=f"{night} {tenant}"))


def run(tenant: str, night: str, run: str) -> None:
    try:
        journal = Journal(DATA / f"{tenant}-{night}")
    except Taken:
        return
    try:
        nightly(Platform(run), journal, tenant, night)
    except sqlite3.Error as error:
        raise SystemExit(f"{tenant}: the journal cannot be written: {error}") from error
