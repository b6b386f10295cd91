"""The nightly job of one tenant: extract, embed, train, publish. A run goes on where the last one stopped."""

from __future__ import annotations

import os
from pathlib import Path

from alone import Busy, alone
from model import fit
from platform_client import Platform
from prefect import flow, task
from publish import publish_artefact

DATA = Path(os.environ["DATA_DIR"])
STEP: dict = {}
clients: dict[str, Platform] = {}  # not inputs, or every run would do other steps


def platform(tenant: str) -> Platform:
    return clients[tenant]


@task(**STEP)
def extract(tenant: str, night: str, number: int) -> list[dict]:
    return platform(tenant).page(number)


@task(**STEP)
def embed(tenant: str, night: str, texts: list[str]) -> list[str]:
    return platform(tenant).embed(texts)


@task(**STEP)
def train(tenant: str, night: str, ids: list[str], vectors: list[str]) -> list[float]:
    return fit(vectors, platform(tenant).labels(ids))


@task(**STEP)
def publish(tenant: str, night: str, model: list[float], vectors: dict[str, str]) -> None:
    sha256 = publish_artefact(tenant, night, model, vectors)
    platform(tenant).announce(sha256, key=f"{tenant}/{night}")


@flow(name="nightly")
def nightly(tenant: str, night: str) -> None:
    documents: list[dict] = []
    vectors: list[str] = []
    for number in range(platform(tenant).pages()):
        page = extract(tenant, night, number)
        documents += page
        vectors += embed(tenant, night, [document["text"] for document in page])
    ids = [document["id"] for document in documents]
    model = train(tenant, night, ids, vectors)
    publish(tenant, night, model, dict(zip(ids, vectors, strict=True)))


def run(tenant: str, night: str, run: str) -> None:
    try:
        with alone(DATA / f"{tenant}.lock"):
            clients[tenant] = Platform(run)
            nightly(tenant, night)
    except Busy:
        print(f"{tenant}: another run has this night in hand", flush=True)
