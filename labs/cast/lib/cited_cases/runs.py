"""A document, written by a candidate's code from the tables of a case."""

from __future__ import annotations

import base64
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from candidate_runs import run
from common.names import named

if TYPE_CHECKING:
    from casebook.asks import On

ENTRY = "cited_cases.entry:write"
DOCUMENT, FOLDER = "document.md", "tables"
PATIENCE, HURRIED_S = 3, 2.0
"""After so many runs in a row that were not over in time, the next ones have only so many seconds."""


@dataclass(frozen=True)
class Written:
    """What came of a run.

    Attributes:
        word: empty if there is a document; else `none` (the run failed, took too long, returned no text) or
            `malformed` (what it left is no UTF-8).
        why: one sentence if there is none.
        document: Markdown; empty if there is none.
        files: what else was collected, bytes by name; what was not written is not here.
        log: the end of what the run said, 8 KiB.
        seconds: of the run, by the runner's word.
    """

    word: str = ""
    why: str = ""
    document: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    log: str = ""
    seconds: float = 0.0


class Writer:
    """A runner that has `cited_cases.entry` among its ENTRIES.

    Args:
        service: its name in SERVICES.
        limit_s: how long a run may take, seconds.
    """

    def __init__(self, service: str, limit_s: float = 10.0) -> None:
        self._service, self._limit_s = service, limit_s
        self._begun = time.time_ns()  # part of the names of runs: the runner may have served another season before
        self._late = 0

    async def write(
        self,
        on: On,
        case: str,
        tables: Mapping[str, bytes],
        *,
        files: Mapping[str, str] | None = None,
        collect: Collection[str] = (),
    ) -> Written:
        """Have the document of a case written. Never raises for what the candidate's code does.

        Args:
            on: of the season.
            case: its id.
            tables: Parquet by name, as of `cited.twins.parquet`; about 700 KB in all.
            files: further texts, found by the run where it works.
            collect: names of files that the run may leave beside the document, 256 KiB each.

        Raises:
            RuntimeError: the case is too large for an order: the lab's fault.
        """
        order = {f"{FOLDER}/{name}": base64.b64encode(data).decode() for name, data in tables.items()}
        if sum(map(len, order.values())) + sum(map(len, (files or {}).values())) > 1_000_000:
            raise RuntimeError(f"the tables of {case} are too large for a run")
        done = await run(
            on,
            self._service,
            named(self._begun, on.lap, case, size=8),
            {"tables": [*tables], "folder": FOLDER, "document": DOCUMENT},
            self._limit_s if self._late < PATIENCE else HURRIED_S,
            files={**order, **(files or {})},
            collect=[DOCUMENT, *collect],
            entry=ENTRY,
        )
        self._late = self._late + 1 if done.signal and done.bad() else 0
        left = {name: data for name, data in done.files.items() if name != DOCUMENT}
        if word := done.bad():
            return Written(word, done.why, files=left, log=done.log, seconds=done.seconds)
        if DOCUMENT not in done.files:
            why = "the run left no document of at most 256 KiB"
            return Written("none", why, files=left, log=done.log, seconds=done.seconds)
        try:
            return Written("", "", done.files[DOCUMENT].decode("utf-8"), left, done.log, done.seconds)
        except UnicodeDecodeError:
            return Written("malformed", "the document is no UTF-8", "", left, done.log, done.seconds)
