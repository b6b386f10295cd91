"""`judge`: a document, a case's tables and their twin -> a word for each claim."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cited.host import STARTING_S, Host
from cited.values import Value

RIGHT = "right"
WRONG = ("absent", "unshown", "misquoted", "unfounded", "unread")
"""What can be wrong with a claim's proof. `off`, not the truth, is told by the lab (`cited.agrees`)."""

WITHIN_S = 3.0
_HOST = Host()

Tables = Mapping[str, bytes]
"""Parquet by name of the table, as a run is given it."""


class CitedBroken(Exception):
    """The judge itself could not work: the lab's fault, not the document's."""


@dataclass
class Examined:
    """What was found. `words`: a word for each claim that is there or was asked for; `why`: one sentence each, or
    empty. `values`: what footnotes say that they give. `sources`: their queries and
    formulas. `shown`: names with the words of the body before each
    reference, in order. `length`: words of the body, without headings, tables and footnotes."""

    words: dict[str, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    shown: list[tuple[str, int]] = field(default_factory=list)
    length: int = 0


def judge(document: str, tables: Tables, twin: Tables, asked: Collection[str] = (), **more: Any) -> dict[str, str]:
    """A word for each claim: `right`, or one of WRONG. The rest as in `examine`."""
    return examine(document, tables, twin, asked, **more).words


def examine(
    document: str,
    tables: Tables,
    twin: Tables,
    asked: Collection[str] = (),
    *,
    words: Collection[str] = (),
    free: Collection[str] = (),
    loose: Mapping[str, float] | None = None,
    within_s: float = WITHIN_S,
) -> Examined:
    """Judge a document, in a process of its own. The same document and tables are judged alike each time.

    Args:
        document: Markdown; at most 64 KiB and 100 footnotes.
        tables: of the case.
        twin: the same tables with other rows, times, amounts and names (`cited.twins.twin`).
        asked: names of claims that have to be there.
        words: texts that may be the same on the twin, as a decision of the brief's own.
        free: claims that need no query.
        loose: claims whose query may differ by more than one per cent of what is given, and by how large a share.
        within_s: seconds for all queries together; each has half a second.

    Raises:
        CitedBroken: the process could not begin, or the tables cannot be read.
    """
    job = {"document": document.encode("utf-8", "replace").decode(), "asked": [*asked], "words": [*words]}
    return _examined(_run({**job, "free": [*free], "loose": {**(loose or {})}}, [tables, twin], within_s), asked)


def answers(
    queries: Mapping[str, str], sets: Sequence[Tables], within_s: float = WITHIN_S
) -> list[dict[str, Value | None]]:
    """What queries of a document (`Examined.sources`) give on other tables, within the same limits. None: no value.

    Raises:
        CitedBroken: as `examine`.
    """
    found: list[dict[str, Value | None]] = [dict.fromkeys(queries) for _ in sets]
    for line in _run({"queries": dict(queries)}, sets, within_s):
        if "query" in line:
            found[line["set"]][line["query"]] = _value(line["value"])
    return found


def _run(job: dict[str, Any], sets: Sequence[Tables], within_s: float) -> list[dict[str, Any]]:
    """What a child process told of a job."""
    with tempfile.TemporaryDirectory(prefix="cited-") as name:
        folder = Path(name)
        whole = {**job, "within_s": within_s, "sets": [str(number) for number in range(len(sets))]}
        (folder / "job.json").write_text(json.dumps(whole), "utf-8")
        for number, tables in enumerate(sets):
            (folder / str(number)).mkdir()
            for table, parquet in tables.items():
                (folder / str(number) / f"{table}.parquet").write_bytes(parquet)
        told, said = _HOST.run(folder, STARTING_S + within_s)
    whole_lines = told.decode("utf-8", "replace").rpartition("\n")[0].split("\n")
    lines = [json.loads(line) for line in whole_lines if line.startswith("{")]
    if not lines:
        raise CitedBroken(f"the judge of documents did not start: {said.decode('utf-8', 'replace')[-300:]}")
    return lines[1:]


def _examined(lines: list[dict[str, Any]], asked: Collection[str]) -> Examined:
    found, trying, over = Examined(), "", False
    names: list[str] = []
    for line in lines:
        if "document" in line:
            document = line["document"]
            found.values = {name: _value(each["written"]["value"]) for name, each in document["claims"].items()}
            found.sources = {name: each["source"] for name, each in document["claims"].items() if each["source"]}
            found.shown = [(each["name"], each["at"]) for each in document["shown"]]
            found.length = document["words"]
            names = [*document["claims"], *document["broken"]]
        trying, over = line.get("trying", trying), over or "over" in line
        if "claim" in line:
            found.words[line["claim"]], found.why[line["claim"]] = line["word"], line["why"]
    for name in () if over else dict.fromkeys([*names, *asked]):
        if name not in found.words:
            found.words[name] = "unfounded" if name in names else "absent"
            found.why[name] = f"the query of {trying} ended the process" if trying else "the document cannot be read"
    return found


def _value(told: Any) -> Any:
    return datetime.fromisoformat(told["time"]) if isinstance(told, dict) else told
