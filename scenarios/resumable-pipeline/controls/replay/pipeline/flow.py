"""The nightly job of one tenant, as a workflow that outlives the processes that run it."""

from __future__ import annotations

import os
import shutil
from functools import partial
from pathlib import Path

from durable import Always, Once, Workflow, drive
from files import alone
from journal import Journal
from model import fit
from platform_client import Platform
from publish import publish

JOURNALS = Path(os.environ["DATA_DIR"]) / "journals"
BATCH = 40
KEEP_NIGHTS = 7


def nightly(tenant: str, night: str, platform: Platform) -> Workflow:
    ids, texts = [], []
    for number in range((yield Once("pages", platform.pages))):
        page = yield Once(f"page/{number}", partial(platform.page, number))
        ids += [id for id, _ in page]
        texts += [text for _, text in page]

    vectors = []
    for start in range(0, len(texts), BATCH):
        vectors += yield Once(f"vectors/{start}", partial(platform.embed, texts[start : start + BATCH]))

    labels = yield Once("labels", partial(platform.labels, ids))
    weights = yield Once("weights", partial(fit, vectors, labels))

    rows = list(zip(ids, vectors, strict=True))
    sha256 = yield Always(partial(publish, tenant, night, weights, rows))
    # A process may die between making this and writing that down. The next makes it again, under the same key.
    yield Once("announced", partial(platform.announce, sha256, f"model/{tenant}/{night}"))


def run(tenant: str, night: str, run: str) -> None:
    home = JOURNALS / tenant
    with alone(home):
        journal = Journal(home / night)
        if "announced" not in journal:
            drive(nightly(tenant, night, Platform(run)), journal)
        _forget(home, night)


def _forget(home: Path, night: str) -> None:
    """Journals of nights long over. The last few stay, since a night that was announced has to know it if it is started again."""
    nights = sorted(path for path in home.iterdir() if path.is_dir() and path.name <= night)
    for old in nights[:-KEEP_NIGHTS]:
        shutil.rmtree(old, ignore_errors=True)
