"""All that a workshop leaves behind, in a folder: work, verdicts, timings, certificates.

workshop.json                  everybody, every desk, every submission (without the files)
participants.csv, submissions.csv
<participant>/<submission>/    files/ as submitted, result.json, report.html, logs.tar.gz
<participant>/certificate-<lab>.md and .html, for each lab that was passed
"""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import shutil
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grader.classroom.cluster import objects, store
from grader.classroom.cluster.model import Participant, Snapshot, Submission
from grader.classroom.cluster.names import result_map
from grader.classroom.examiner import unpack
from grader.classroom.paper import certificate, tables
from grader.course import catalog, files
from grader.errors import BadInput
from infra.k8s import cluster

MOST_REPORT = 64 << 20
FILES, RESULT, REPORT, LOGS = "files", "result.json", "report.html", "logs.tar.gz"


def export(context: str, workshop: str, into: Path, say: Callable[[str], None]) -> Snapshot:
    """Write everything into a new folder, which appears when it is whole.

    Raises:
        BadInput: the folder is there already and not empty, or cannot be written.
        PlatformBroken: the cluster is away, or refused.
    """
    draft = into.with_name(f".{into.name}.{os.getpid()}")
    try:
        if into.exists() and (not into.is_dir() or any(into.iterdir())):
            raise BadInput(f"{into} is there already: name a folder that is new or empty")
        draft.mkdir(parents=True)
        found = store.snapshot(context, workshop)
        _tables(found, draft)
        for person in found.participants:
            _person(context, found, person, draft / person.id, say)
        if into.exists():
            into.rmdir()
        draft.rename(into)
    except OSError as error:
        raise BadInput(f"{error.filename or into} cannot be written: {error.strerror}; use --into") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return found


def _tables(found: Snapshot, into: Path) -> None:
    whole = asdict(found)
    for one in whole["submissions"]:
        del one["archive"]
    (into / "workshop.json").write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", "utf-8")
    for name, (heading, rows) in (
        ("participants.csv", tables.participants(found)),
        ("submissions.csv", tables.submissions(found)),
    ):
        (into / name).write_text(_csv([heading, *rows]), "utf-8")


def _csv(rows: Sequence[Sequence[object]]) -> str:
    """A text that a spreadsheet takes for a formula gets a quote in front."""
    text = io.StringIO()
    safe = (
        [f"'{one}" if isinstance(one, str) and one.lstrip()[:1] in ("=", "+", "-", "@") else one for one in row]
        for row in rows
    )
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(safe)
    return text.getvalue()


def _person(context: str, found: Snapshot, person: Participant, into: Path, say: Callable[[str], None]) -> None:
    into.mkdir()
    mine = [one for one in found.submissions if one.namespace == person.namespace]
    for one in mine:
        folder = into / one.name
        folder.mkdir()
        _submission(context, one, folder, say)
    for passed in certificate.earned(found, person):
        certificate.write(into, passed)


def _submission(context: str, one: Submission, into: Path, say: Callable[[str], None]) -> None:
    try:
        sound = list(unpack.contents(catalog.find_lab(one.lab), one.archive))
    except BadInput as error:
        say(f"{one.name}: {error}; it is kept as it came, in archive.txt")
        (into / "archive.txt").write_text(one.archive, "utf-8")
        sound = []
    for path, data, executable in sound:
        files.write(into / FILES / path, data, executable)
    with cluster.talking(f"reading the result of {one.name}"):
        kept = objects.find(context, f"/api/v1/namespaces/{one.namespace}/configmaps/{result_map(one.name)}")
    if kept is not None:
        _result(kept, into)


def _result(kept: dict[str, Any], into: Path) -> None:
    if text := kept.get("data", {}).get(RESULT):
        (into / RESULT).write_text(text, "utf-8")
    packed = {name: base64.b64decode(data) for name, data in kept.get("binaryData", {}).items()}
    if LOGS in packed:
        (into / LOGS).write_bytes(packed[LOGS])
    if f"{REPORT}.gz" in packed:
        page = zlib.decompressobj(wbits=31).decompress(packed[f"{REPORT}.gz"], MOST_REPORT)
        (into / REPORT).write_bytes(page)
