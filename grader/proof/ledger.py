"""The ledger of a lab, `scenarios/<id>/ledger.jsonl`: of each control and runtime the newest exam, a line of JSON each.

What stands in it is compared with the present state of the lab, never trusted by itself: a line bears the digests of
what was examined and a seal over itself, and `lab verify --sample` examines lines again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from grader.errors import BadInput
from grader.proof.digests import LEDGER


@dataclass(frozen=True)
class Entry:
    """One exam of a control.

    Attributes:
        runtime, control: what was examined where.
        lab, submission, engine: digests, see `grader.proof.digests`.
        verdict: pass or fail; an exam that proved nothing is never entered.
        objective: the one that the control was made to miss, if it did; else the first that was missed, or nothing.
        failed: all objectives that were missed.
        seconds: of the exam, from its first system to its verdict.
        tries: exams that this took: those that proved nothing, and those that did not hold, count.
        seed: of the exam.
        burn: of each objective with events, the ratio of bad ones as a multiple of what its target allows.
        machine: what it ran on, and how busy that was at worst (see `grader.result.TrialResult.busiest`).
        commit: of the checkout, `-dirty` where files differed from it.
        at: when, UTC, ISO 8601.
        seal: over all of the above, and `close`.
        close: whether a close call decided it, so that it proves nothing of the control; left out of the line if not.
    """

    runtime: str
    control: str
    lab: str
    submission: str
    engine: str
    verdict: str
    objective: str
    failed: tuple[str, ...]
    seconds: float
    tries: int
    seed: int
    burn: Mapping[str, float]
    machine: str
    commit: str
    at: str
    seal: str = ""
    close: bool = False

    def sealed(self) -> Entry:
        """The same with its seal."""
        return replace(self, seal=_seal(self))


Ledger = dict[tuple[str, str], Entry]
"""Entries by runtime and control."""


def path_of(scenario: Path) -> Path:
    """Where the ledger of a scenario's folder is."""
    return scenario / LEDGER


def read(scenario: Path) -> Ledger:
    """The ledger of a scenario's folder; empty where there is none.

    Raises:
        BadInput: a line is no entry, was changed by hand, or there are two of one control and runtime; names the line.
    """
    path = path_of(scenario)
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read: {error}") from error
    found: Ledger = {}
    for number, line in enumerate(lines, 1):
        entry = _entry(line, f"{path}:{number}")
        if (entry.runtime, entry.control) in found:
            raise BadInput(f"{path}:{number}: {entry.control} on {entry.runtime} stands there twice; remove one line")
        found[entry.runtime, entry.control] = entry
    return found


def enter(scenario: Path, entry: Entry) -> None:
    """Put an entry in the place of the older one, on disk at once; others may do so at the same time."""
    path = path_of(scenario)
    with _alone(scenario):
        _write(path, {**read(scenario), (entry.runtime, entry.control): entry.sealed()})


def keep(scenario: Path, controls: Iterable[str]) -> None:
    """Remove entries of controls that are no more."""
    known = set(controls)
    with _alone(scenario):
        there = read(scenario)
        kept = {key: entry for key, entry in there.items() if key[1] in known}
        if kept != there:
            _write(path_of(scenario), kept)


@contextmanager
def _alone(scenario: Path) -> Iterator[None]:
    folder = os.open(scenario, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write(path: Path, ledger: Ledger) -> None:
    text = "".join(json.dumps(_data(ledger[key]), ensure_ascii=False) + "\n" for key in sorted(ledger))
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, "utf-8")
    temporary.replace(path)


def _entry(line: str, where: str) -> Entry:
    try:
        data: dict[str, Any] = json.loads(line)
        if {*data, "close"} != {field.name for field in fields(Entry)}:
            raise ValueError("its keys are not those of an entry")
        entry = Entry(**{**data, "failed": tuple(data["failed"])})
    except (ValueError, TypeError) as error:
        raise BadInput(f"{where}: is no entry of a ledger ({error}); remove the line and examine again") from error
    if entry.seal != _seal(entry):
        raise BadInput(f"{where}: was changed by hand; remove the line and run `lab verify --changed`")
    return entry


def _data(entry: Entry) -> dict[str, Any]:
    """What its line has: seals of lines without `close` are those of before it was known."""
    return {key: value for key, value in asdict(entry).items() if key != "close" or value}


def _seal(entry: Entry) -> str:
    data = {key: value for key, value in _data(entry).items() if key != "seal"}
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]
