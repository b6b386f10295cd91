"""The nightly job of one tenant: extract, embed, train, publish. A run goes on where the last one stopped."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from model import fit
from platform_client import Platform
from publish import publish_artefact

DATA = Path(os.environ["DATA_DIR"])


class Steps:
    """What was done, a file a step; read when a run begins."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._done = {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}

    def once(self, name: str, work: Callable[[], Any]) -> Any:
        if name not in self._done:
            self._done[name] = work()
            draft = self._folder / f"{name}.{os.getpid()}"
            draft.write_text(json.dumps(self._done[name]))
            os.replace(draft, self._folder / f"{name}.json")
        return self._done[name]


def run(tenant: str, night: str, run: str) -> None:
    platform = Platform(run)
    steps = Steps(DATA / f"{tenant}-{night}")
    vectors: dict[str, str] = {}
    for number in range(platform.pages()):
        page = steps.once(f"page-{number}", lambda n=number: platform.page(n))
        texts = [document["text"] for document in page]
        found = steps.once(f"vectors-{number}", lambda texts=texts: platform.embed(texts))
        vectors |= dict(zip([document["id"] for document in page], found, strict=True))
    labels = steps.once("labels", lambda: platform.labels(list(vectors)))
    sha256 = publish_artefact(tenant, night, fit(list(vectors.values()), labels), vectors)
    platform.announce(sha256, key=f"{tenant}/{night}")
