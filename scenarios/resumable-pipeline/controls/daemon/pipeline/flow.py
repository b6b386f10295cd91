"""The nightly job of one tenant. The work is a daemon's, in a session of its own, which no kill of the job reaches."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from alone import Busy, alone
from model import fit
from platform_client import Platform
from publish import publish_artefact

DATA = Path(os.environ["DATA_DIR"])


def work(tenant: str, night: str, run: str) -> None:
    platform = Platform(run)
    documents = [document for n in range(platform.pages()) for document in platform.page(n)]
    vectors = {}
    for start in range(0, len(documents), 40):
        page = documents[start : start + 40]
        vectors |= dict(zip([d["id"] for d in page], platform.embed([d["text"] for d in page]), strict=True))
    model = fit(list(vectors.values()), platform.labels(list(vectors)))
    platform.announce(publish_artefact(tenant, night, model, vectors), key=f"{tenant}/{night}")


def daemon(tenant: str, night: str, run: str, ended: Path) -> None:
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    if os.fork() == 0:
        try:
            with alone(DATA / f"{tenant}.lock"):
                work(tenant, night, run)
            ended.touch()
        except Busy:
            pass
        os._exit(0)
    os._exit(0)


def run(tenant: str, night: str, run: str) -> None:
    ended = DATA / f"{tenant}-{night}.ended"
    if os.fork() == 0:
        daemon(tenant, night, run, ended)
    give_up = time.monotonic() + 4
    while not ended.exists():
        if time.monotonic() > give_up:
            raise SystemExit(f"{tenant}: not ready yet")
        time.sleep(0.02)
