"""What a participant asks of the examiner through the cluster: hints and verdicts."""

from __future__ import annotations

import time
import zlib
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.classroom.cluster import store
from grader.classroom.cluster.model import MOST_HINTS, Desk, State, Submission
from grader.classroom.cluster.names import result_map
from grader.classroom.desk import joined
from grader.classroom.desk.kit import CONTEXT, Kit
from grader.errors import BadInput
from infra.errors import PlatformBroken
from infra.k8s import cluster

HINT_S = 30.0
POLL_S = 1.0
AWAY_S = 600.0
RESULT_S = 5.0
MOST_REPORT = 64 << 20
RESULT, REPORT, LOGS, LEFT_OUT = "result.json", "report.html.gz", "logs.tar.gz", "left-out.txt"


@dataclass(frozen=True)
class Hint:
    """The `number`-th hint, from 1."""

    number: int
    text: str


def hints(kit: Kit, lab_id: str) -> tuple[str, ...]:
    """All hints that were given out so far."""
    return _desk(kit, lab_id).hints


def next_hint(kit: Kit, lab_id: str, seen: int, wait_s: float = HINT_S) -> Hint:
    """The hint after those that were seen: one that came meanwhile, or one that is asked for now and awaited.

    Raises:
        BadInput: all that there can be were taken.
        PlatformBroken: nobody gave it out in time.
    """
    desk = _desk(kit, lab_id)
    if seen >= MOST_HINTS:
        raise BadInput(f"you took all {seen} hints of {lab_id}; `lab hint {lab_id} --all` shows them again")
    if len(desk.hints) <= seen and desk.hints_wanted <= len(desk.hints):
        with joined.talking():
            store.tell(CONTEXT, kit.namespace, lab_id, {"hintsWanted": len(desk.hints) + 1})
    give_up = time.monotonic() + wait_s
    while len(desk.hints) <= seen:
        if time.monotonic() > give_up:
            raise PlatformBroken(
                f"no hint for {lab_id} came within {wait_s:g} s: there may be no more, or the examiner is away; "
                f"ask your teacher, or try `lab hint {lab_id}` again later"
            )
        time.sleep(POLL_S / 2)
        desk = _desk(kit, lab_id)
    return Hint(seen + 1, desk.hints[seen])


def submit(kit: Kit, lab_id: str, archive: str) -> tuple[Submission, bool]:
    """Ask for a verdict. Returns the submission, and whether it is new: the same files that still wait for their
    verdict are not submitted twice."""
    waiting = [one for one in mine(kit, lab_id) if one.state is not State.DONE and one.archive == archive]
    if waiting:
        return waiting[0], False
    with joined.talking():
        return store.submit(CONTEXT, kit.namespace, lab_id, archive), True


def mine(kit: Kit, lab_id: str) -> list[Submission]:
    """The participant's submissions of a lab, oldest first."""
    with joined.talking():
        return [one for one in store.submissions(CONTEXT, kit.namespace) if one.lab == lab_id]


def await_verdict(kit: Kit, one: Submission, on_news: Callable[[Submission, str], None]) -> Submission:
    """Wait until a submission is done. `on_news` learns how it stands each time that it was looked at, and of trouble
    on the way: a cluster that is away is waited for, ten minutes at most.

    Raises:
        KitRefused: the cluster does not take the kit any more.
        PlatformBroken: the cluster stayed away.
    """
    heard = time.monotonic()
    while one.state is not State.DONE:
        time.sleep(POLL_S)
        try:
            with joined.talking():
                one = store.submission(CONTEXT, kit.namespace, one.name)
        except PlatformBroken as error:
            if time.monotonic() - heard > AWAY_S:
                raise
            on_news(one, str(error))
        else:
            heard = time.monotonic()
            on_news(one, "")
    return one


def fetch(kit: Kit, one: Submission, into: Path) -> bool:
    """Write `result.json`, `report.html` and the services' logs (`logs.tar.gz`) of a submission into a folder, as far
    as there are any, and what did not fit into the cluster (`left-out.txt`). Returns whether there is a result.

    Raises:
        BadInput: the folder cannot be written, or what came is damaged.
    """
    found = _result(kit, one)
    if found is None:
        return False
    texts, packed = found.get("data") or {}, found.get("binaryData") or {}
    try:
        into.mkdir(parents=True, exist_ok=True)
        for name in texts.keys() & {RESULT, LEFT_OUT}:
            (into / name).write_text(texts[name], "utf-8")
        if REPORT in packed:
            (into / "report.html").write_bytes(_unpacked(b64decode(packed[REPORT])))
        if LOGS in packed:
            (into / LOGS).write_bytes(b64decode(packed[LOGS]))
    except OSError as error:
        raise BadInput(f"{into} cannot be written: {error.strerror}") from error
    except (ValueError, zlib.error) as error:
        raise BadInput(
            f"the result of {one.name} came damaged ({error}): `lab report {one.lab}` tries again"
        ) from error
    return RESULT in texts


def _result(kit: Kit, one: Submission) -> dict[str, Any] | None:
    path = f"/api/v1/namespaces/{kit.namespace}/configmaps/{result_map(one.name)}"
    give_up = time.monotonic() + RESULT_S
    while True:
        try:
            with cluster.talking(f"reading the result of {one.name}"):
                return cluster.call(CONTEXT, "GET", path)
        except PlatformBroken as error:
            if cluster.status_of(error.__cause__ or error) != cluster.GONE:
                raise
        if time.monotonic() > give_up:
            return None
        time.sleep(POLL_S)


def _unpacked(packed: bytes) -> bytes:
    """Of a gzip; ValueError past `MOST_REPORT` bytes."""
    opened = zlib.decompressobj(wbits=31)
    content = opened.decompress(packed, MOST_REPORT)
    if opened.unconsumed_tail or not opened.eof:
        raise ValueError("it is cut off, or too large")
    return content


def _desk(kit: Kit, lab_id: str) -> Desk:
    with joined.talking():
        return store.desk(CONTEXT, kit.namespace, lab_id)
