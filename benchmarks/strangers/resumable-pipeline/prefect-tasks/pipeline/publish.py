"""The tenant's artefact: made, put where its readers look for it, and looked at again."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from disk import write_whole
from errors import ArtefactDamaged

logger = logging.getLogger("nightly.publish")
NAME = "model.csv"


@dataclass(frozen=True)
class Artefact:
    """All bytes of a file that can vouch for itself. The same inputs make the same bytes."""

    content: bytes

    @classmethod
    def build(
        cls, tenant: str, night: str, model: list[float], ids: list[str], vectors: list[str]
    ) -> Artefact:
        if len(set(ids)) != len(ids):
            raise ArtefactDamaged("two documents have the same id")
        lines = [_line("model", model), *(f"{id},{vector}\n" for id, vector in zip(ids, vectors, strict=True))]
        body = "".join(lines).encode()
        head = {"tenant": tenant, "night": night, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        return cls(json.dumps(head).encode() + b"\n" + body)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class Publisher:
    """Of one tenant. Callers hold the tenant's lease."""

    def __init__(self, artefacts: Path, tenant: str) -> None:
        self._path = artefacts / tenant / NAME

    def publish(self, artefact: Artefact) -> str:
        """Its readers find `artefact` from now on; one that they find already is left alone. Its SHA-256.

        Raises:
            OSError: it could not be written; readers find what they found before.
            ArtefactDamaged: it was written, and is not there.
        """
        if self._current() != artefact.content:
            write_whole(self._path, artefact.content)
            logger.info("%s: %d bytes", self._path, len(artefact.content))
        if self._current() != artefact.content:
            raise ArtefactDamaged(f"{self._path} is not what was written")
        return artefact.sha256

    def _current(self) -> bytes | None:
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            return file.read()


def _line(name: str, numbers: list[float]) -> str:
    return ",".join([name, *(repr(float(number)) for number in numbers)]) + "\n"
