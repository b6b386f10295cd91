"""The recorded pass of a lab's reference: what an exam saw that was passed, small enough to lie beside the scenario.

`scenarios/<id>/pass.jsonl.gz` is gzip of JSON lines: one about the run, then an event a line, of those that an
objective's window could take. `lab audit ID --record` makes it.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader import events
from grader.course.spec import Scenario, ScenarioSpec
from grader.errors import BadInput
from grader.judge.record import RunRecord, load_record

if TYPE_CHECKING:
    import duckdb

NAME = "pass.jsonl.gz"
FORMAT = "brownout/pass/1"
_KEPT = ("trial", "kind", "name", "phase", "segment", "due", "done", "status", "answer", "served_by", "error")
_DIGITS = 3  # of a second


@dataclass(frozen=True)
class Trial:
    """A trial of the recorded run: its id `<kind>.<n>`, its kind, and what was drawn for it."""

    id: str
    kind: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Recording:
    """One passed exam. `lab` is the digest of the lab that it was held of; `rows` are events without what is null."""

    lab: str
    trials: tuple[Trial, ...]
    rows: tuple[Mapping[str, Any], ...]

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A connection with the view `events`, as the judge has it, in the order of `rows`."""
        with tempfile.TemporaryDirectory(prefix="brownout-audit-") as folder:
            path = Path(folder) / "events.jsonl"
            events.append(path, [{name: row.get(name) for name in events.COLUMNS} for row in self.rows])
            return events.live([path], [])


def path_of(scenario: Scenario) -> Path:
    """Where the recording of a scenario lies."""
    return scenario.folder / NAME


def load(path: Path) -> Recording | None:
    """What was recorded; None if nothing was.

    Raises:
        BadInput: the file is not a recording.
    """
    if not path.is_file():
        return None
    try:
        head, *rows = (json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines())
        if head.pop("format") != FORMAT:
            raise ValueError(f"is not of the format {FORMAT}")
        trials = tuple(Trial(one["id"], one["kind"], one["parameters"]) for one in head["trials"])
        return Recording(head["lab"], trials, tuple(dict(row) for row in rows))
    except (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadInput(f"{path}: is no recorded pass ({error}); remove it and record again") from error


def save(recording: Recording, path: Path) -> None:
    """Write a recording; the same one gives the same bytes."""
    trials = [{"id": one.id, "kind": one.kind, "parameters": dict(one.parameters)} for one in recording.trials]
    head = {"format": FORMAT, "lab": recording.lab, "trials": trials}
    lines = [json.dumps(row, separators=(",", ":")) for row in (head, *recording.rows)]
    path.write_bytes(gzip.compress("\n".join(lines).encode(), compresslevel=9, mtime=0))


def of_run(run_dir: Path, spec: ScenarioSpec, usable: Iterable[str], lab: str) -> Recording:
    """The recording of a finished run: the first sample that counted of each kind of trial.

    Args:
        run_dir: its folder.
        spec: the scenario that it was held by.
        usable: ids of the trials that counted.
        lab: the lab's digest.
    """
    record: RunRecord = load_record(run_dir)
    counted, first = set(usable), dict[str, Trial]()
    for one in record.trials:
        if one.id in counted:
            first.setdefault(one.kind, Trial(one.id, one.kind, one.parameters))
    trials = tuple(first.values())
    connection = events.recorded(run_dir)
    try:
        found = connection.execute(
            f"SELECT {', '.join(_KEPT)} FROM events WHERE error IS DISTINCT FROM 'cut' ORDER BY trial, due, name"
        ).fetchall()
    finally:
        connection.close()
    kinds = {one.id: one.kind for one in trials}
    rows = (dict(zip(_KEPT, values, strict=True)) for values in found if values[0] in kinds)
    return Recording(lab, trials, tuple(_small(row) for row in rows if _could_count(row, kinds[row["trial"]], spec)))


def _could_count(row: Mapping[str, Any], trial: str, spec: ScenarioSpec) -> bool:
    """Whether an objective's window takes it."""
    return any(
        row["kind"] == window.kind and trial in window.trials and (not window.phases or row["phase"] in window.phases)
        for window in spec.objectives.values()
    )


def _small(row: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is null, times to the millisecond."""
    kept = {name: value for name, value in row.items() if value is not None and (name, value) != ("error", "")}
    return {name: round(value, _DIGITS) if isinstance(value, float) else value for name, value in kept.items()}
