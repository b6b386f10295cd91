"""The records of steps: Prefect's persisted task results, under names of our own.

Prefect writes a record when its task has completed, and takes one that it cannot read for none; so a torn one means that the step is
done again, never that half a result is used. What Prefect does not do is to stop when a record could not be written (it logs
that, and goes on), nor to bring it to disk: `secure` does.
"""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path

from disk import sync
from errors import RecordLost
from prefect.filesystems import LocalFileSystem
from prefect.results import ResultStore

logger = logging.getLogger("nightly.records")
ANNOUNCED = "announced"


class NightRecords:
    """Those of one tenant and night, below `root`."""

    def __init__(self, root: Path, tenant: str, night: str) -> None:
        self._root = root
        self._tenant = tenant
        self._night = night
        root.mkdir(parents=True, exist_ok=True)
        self._store = ResultStore(result_storage=LocalFileSystem(basepath=str(root)), cache_result_in_memory=False)

    def key(self, step: str) -> str:
        """Prefect's cache key, and with that the file, of a step. No input is hashed: the documents of a night are fixed."""
        return f"{self._tenant}/{self._night}/{step}"

    def has(self, step: str) -> bool:
        """Whether there is a whole record of it on disk."""
        return self._store.exists(key=self.key(step))

    def secure(self, step: str) -> None:
        """See that the record of a step is there to stay.

        Raises:
            RecordLost: it is not.
        """
        path = self._root / self.key(step)
        if not self.has(step):
            raise RecordLost(f"{self.key(step)} was done, but could not be written down")
        sync(path)
        sync(path.parent)

    def compact(self) -> None:
        """Once a night is announced its records are of no use, nor are those of earlier nights; that it was, is. Failing
        here fails nobody."""
        with contextlib.suppress(OSError):
            for folder in (self._root / self._tenant).iterdir():
                if folder.name <= self._night:
                    self._drop_all_but_announced(folder)

    @staticmethod
    def _drop_all_but_announced(folder: Path) -> None:
        for path in folder.iterdir():
            if path.name != ANNOUNCED:
                path.unlink(missing_ok=True)
