"""The nightly job of one tenant as a Prefect flow: extract, embed, label, train, publish, announce.

Whatever costs money is a task of its own per step (a page, a batch, the labels), whose result Prefect persists under the name of
tenant, night and step. A later run finds it there. See `records` for what is added to that, `lease` for runs that meet.
"""

from __future__ import annotations

import hashlib
import json
import logging
from typing import Any

from lease import tenant_lease
from model import fit
from platform_client import PlatformClient
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from publish import Artefact, Publisher
from records import ANNOUNCED, NightRecords
from settings import SETTINGS

logger = logging.getLogger("nightly")

RECORDED: dict[str, Any] = {
    "cache_key_fn": lambda _, parameters: parameters["key"],
    "persist_result": True,
    "result_storage": SETTINGS.records,
    "result_serializer": "json",
    "retries": 0,  # a retry could pay a second time for a call whose answer was lost
    "refresh_cache": False,  # whatever a profile says: never buy what there is a record of
}


@task(**RECORDED)
def count_pages(key: str, platform: PlatformClient) -> int:
    return platform.page_count()


@task(**RECORDED)
def extract(key: str, platform: PlatformClient, number: int) -> list[dict[str, str]]:
    return platform.page(number)


@task(**RECORDED)
def embed(key: str, platform: PlatformClient, texts: list[str]) -> list[str]:
    return platform.embed(texts)


@task(**RECORDED)
def label(key: str, platform: PlatformClient, ids: list[str]) -> list[int]:
    return platform.labels(ids)


@task(**RECORDED)
def train(key: str, vectors: list[str], labels: list[int]) -> list[float]:
    return fit(vectors, labels)


@task(cache_policy=NO_CACHE, persist_result=False, retries=0)
def publish(publisher: Publisher, artefact: Artefact) -> str:
    return publisher.publish(artefact)


@task(**RECORDED)
def announce(key: str, platform: PlatformClient, sha256: str, idempotency_key: str) -> dict[str, str]:
    platform.announce(sha256, idempotency_key)
    return {"sha256": sha256, "idempotency_key": idempotency_key}


class Job:
    """The steps of one night, in order. Exactly one is under way at any time."""

    def __init__(self, tenant: str, night: str, platform: PlatformClient, records: NightRecords) -> None:
        self._tenant = tenant
        self._night = night
        self._platform = platform
        self._records = records

    def execute(self) -> None:
        documents = self._extract()
        ids = [document["id"] for document in documents]
        vectors = self._embed([document["text"] for document in documents])
        labels = self._recorded("labels", label, platform=self._platform, ids=ids)
        model = self._recorded("model", train, vectors=vectors, labels=labels)
        artefact = Artefact.build(self._tenant, self._night, model, ids, vectors)
        sha256 = publish(Publisher(SETTINGS.artefacts, self._tenant), artefact)
        self._recorded(
            ANNOUNCED, announce, platform=self._platform, sha256=sha256, idempotency_key=self._idempotency_key()
        )

    def _extract(self) -> list[dict[str, str]]:
        documents: list[dict[str, str]] = []
        for number in range(self._recorded("pages", count_pages, platform=self._platform)):
            documents += self._recorded(f"page-{number:04d}", extract, platform=self._platform, number=number)
        return documents

    def _embed(self, texts: list[str]) -> list[str]:
        vectors: list[str] = []
        for start in range(0, len(texts), SETTINGS.batch_size):
            batch = texts[start : start + SETTINGS.batch_size]
            vectors += self._recorded(f"vectors-{start:06d}", embed, platform=self._platform, texts=batch)
        return vectors

    def _recorded(self, step: str, work: Any, **arguments: Any) -> Any:
        """A step that is done once: from its record, or now, and then nothing else happens before that is on disk."""
        found = work(key=self._records.key(step), **arguments)
        self._records.secure(step)
        return found

    def _idempotency_key(self) -> str:
        """The same for every run of this night, and for no other tenant or night."""
        words = json.dumps(["nightly", self._tenant, self._night])
        return hashlib.sha256(words.encode()).hexdigest()


@flow(name="nightly", validate_parameters=False, persist_result=False, result_storage=SETTINGS.records, retries=0)
def nightly(tenant: str, night: str, run: str) -> None:
    with PlatformClient(SETTINGS, run) as platform:
        Job(tenant, night, platform, NightRecords(SETTINGS.records, tenant, night)).execute()


def run(tenant: str, night: str, run: str) -> None:
    """What the scheduler calls, as often as it likes. Prefect hears of a run once that has the lease and there is work."""
    with tenant_lease(SETTINGS.leases, tenant, run, SETTINGS.lease_patience_s):
        records = NightRecords(SETTINGS.records, tenant, night)
        if records.has(ANNOUNCED):
            logger.info("%s: %s has been announced, nothing is left to do", tenant, night)
            return
        nightly(tenant, night, run)
        records.compact()
