"""The nightly job of one tenant. Every paid answer is put on disk before the next is bought; one run at a time."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from model import fit
from platform_client import Platform
from publish import publish_artefact
from steps import Steps

DATA = Path(os.environ["DATA_DIR"]) / "nightly"
BATCH = 40


def run(tenant: str, night: str, run: str) -> None:
    home = DATA / tenant
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel lets go of it when this process dies, however it dies
        steps = Steps(home / night)
        if "announced" not in steps:
            nightly(tenant, night, Platform(run), steps)
        tidy(home, night)


def nightly(tenant: str, night: str, platform: Platform, steps: Steps) -> None:
    documents = []
    for number in range(steps.once("pages", platform.pages)):
        documents += steps.once(f"page-{number}", lambda n=number: platform.page(n))

    vectors = []
    for start in range(0, len(documents), BATCH):
        texts = [document["text"] for document in documents[start : start + BATCH]]
        vectors += steps.once(f"vectors-{start}", lambda t=texts: as_many(platform.embed(t), t))

    ids = [document["id"] for document in documents]
    labels = steps.once("labels", lambda: as_many(platform.labels(ids), ids))
    model = steps.once("model", lambda: fit(vectors, labels))

    sha256 = publish_artefact(tenant, night, model, dict(zip(ids, vectors, strict=True)))
    # The key is the night's, not the run's: whoever announces it again, it goes out once.
    steps.once("announced", lambda: platform.announce(sha256, key=f"nightly/{tenant}/{night}"))


def as_many(answers: list, questions: list) -> list:
    """A short answer must not be kept as if it were whole."""
    if len(answers) != len(questions):
        raise RuntimeError(f"{len(answers)} answers to {len(questions)} questions")
    return answers


def tidy(home: Path, night: str) -> None:
    """What was bought for this night and those before is in the artefacts; that they were announced stays known."""
    for path in home.glob("*/*.json"):
        if path.parent.name <= night and path.name != "announced.json":
            path.unlink(missing_ok=True)
