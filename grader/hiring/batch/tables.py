"""What came out of a batch, as a table (CSV and Parquet) and as one page. Nothing here is a score: who is invalid or
refused has no figure at all."""

from __future__ import annotations

import csv
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from grader.errors import BadInput
from grader.hiring.batch.alike import Pair
from grader.hiring.batch.rows import Row
from grader.hiring.batch.running import Batch, Outcome
from grader.report.chart import interval_bar
from grader.report.html import page
from grader.report.saved import load_result
from grader.report.summary import percent
from grader.result import ObjectiveResult, Result
from grader.safe import visible

VERDICTS = ("pass", "fail", "refused", "invalid")
_SLOWEST = 5
_FIXED = {"candidate": "VARCHAR", "lab": "VARCHAR", "verdict": "VARCHAR", "reason": "VARCHAR", "missed": "VARCHAR"}
_FIXED |= {
    "close": "BOOLEAN",
    "seconds": "DOUBLE",
    "tries": "INTEGER",
    "runtime": "VARCHAR",
    "digest": "VARCHAR",
    "run": "VARCHAR",
}
_NO_FORMULA = "regexp_replace({0}, '^(\\s*[=+@-])', '''\\1') AS {0}"
"""A spreadsheet would run a cell that begins so."""


@dataclass(frozen=True)
class Line:
    """A row, what it ended with, and its result where it has a verdict."""

    row: Row
    outcome: Outcome
    result: Result | None

    @property
    def missed(self) -> tuple[str, ...]:
        """Ids of the objectives that it missed."""
        return tuple(o.id for o in self.result.objectives if o.verdict == "fail") if self.result else ()

    @property
    def close(self) -> tuple[str, ...]:
        """Ids of the objectives that were too near to be proven."""
        return tuple(o.id for o in self.result.objectives if o.close) if self.result else ()

    @property
    def to_look_at(self) -> int:
        """How soon a person should look at it: what is close first, then what is suspect."""
        return 0 if self.outcome.close else 1 if self.outcome.suspect else 2


@dataclass(frozen=True)
class Strip:
    """An objective over all submissions of a lab that have a verdict: how many missed it, and where on the bar each
    lies: per cent along, pixels up, verdict, words."""

    lab: str
    objective: ObjectiveResult
    missed: int
    judged: int
    start: str
    target: float
    dots: tuple[tuple[float, int, str, str], ...]


def write(batch: Batch, alike: Sequence[Pair], note: str) -> Mapping[str, int]:
    """Write batch.csv, batch.parquet and batch.html into the batch's folder.

    Args:
        batch: all of its rows that have an outcome are written.
        alike: pairs that are suspiciously alike.
        note: why none were looked for, or nothing.

    Returns:
        How many submissions have each verdict, and how many are `close`.
    """
    lines = [Line(row, found, _result(batch, row, found)) for row in batch.rows if (found := batch.outcome(row))]
    counts = Counter(line.outcome.verdict for line in lines)
    counts["close"] = sum(line.outcome.close for line in lines)
    _tables(batch, lines)
    html = page(
        "batch.html.j2",
        lines=sorted(lines, key=lambda line: line.to_look_at),
        verdicts=[(name, counts[name]) for name in (*VERDICTS, "close")],
        strips=sorted(_strips(lines), key=lambda strip: (strip.lab, -strip.missed)),
        slowest=sorted(lines, key=lambda line: -line.outcome.seconds)[:_SLOWEST],
        median=statistics.median([line.outcome.seconds for line in lines if line.result] or [0.0]),
        alike=alike,
        note=note,
        place=batch.place,
    )
    _write(batch.to / "batch.html", lambda path: Path(path).write_text(html, "utf-8", errors="replace"))
    return counts


def _result(batch: Batch, row: Row, outcome: Outcome) -> Result | None:
    if outcome.verdict not in ("pass", "fail"):
        return None
    try:
        return load_result(batch.run_dir(row))
    except BadInput:  # its run folder was not kept
        return None


def _tables(batch: Batch, lines: Sequence[Line]) -> None:
    figures = [
        {f"{line.row.lab}.{o.id}": o.estimate for o in line.result.objectives} if line.result else {} for line in lines
    ]
    columns = _FIXED | {name: "DOUBLE" for found in figures for name in found}
    with duckdb.connect() as database:
        database.execute(
            f"CREATE TABLE batch ({', '.join(f'{_quoted(name)} {kind}' for name, kind in columns.items())})"
        )
        for line, found in zip(lines, figures, strict=True):
            words = (line.row.candidate, line.row.lab, line.outcome.verdict, visible(line.outcome.reason, 500))
            more = (line.outcome.close, line.outcome.seconds, line.outcome.tries, batch.place, line.outcome.digest)
            cells = (*words, " ".join(line.missed), *more, f"runs/{line.row.name}")
            values = dict(zip(_FIXED, cells, strict=True)) | found
            marks = ", ".join("?" * len(columns))
            database.execute(f"INSERT INTO batch VALUES ({marks})", [values.get(name) for name in columns])
        _write(batch.to / "batch.parquet", database.table("batch").write_parquet)
        safe = ", ".join(_NO_FORMULA.format(name) for name in ("candidate", "reason"))
        told = database.sql(f"SELECT * REPLACE ({safe}) FROM batch")
        _write(batch.to / "batch.csv", lambda path: told.write_csv(path, quoting=csv.QUOTE_ALL))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _write(path: Path, write: Callable[[str], object]) -> None:
    """The new file in the place of the old one, whole."""
    draft = path.with_name(f"{path.name}.part")
    write(str(draft))
    draft.replace(path)


def _strips(lines: Sequence[Line]) -> Iterator[Strip]:
    judged: dict[tuple[str, str], list[tuple[Line, ObjectiveResult]]] = {}
    for line in lines:
        for o in line.result.objectives if line.result else ():
            judged.setdefault((line.row.lab, o.id), []).append((line, o))
    for (lab, _), found in judged.items():
        first, values = found[0][1], [o.estimate for _, o in found if o.estimate is not None]
        least = min(values, default=first.target)
        bar = interval_bar(least, least, None, first.target)
        missed = sum(o.verdict == "fail" for _, o in found)
        seen: Counter[int] = Counter()
        dots = []
        for line, o in sorted(found, key=lambda one: one[1].estimate or 0.0):
            if o.estimate is not None:
                place = interval_bar(least, o.estimate, o.estimate, first.target).estimate or 0.0
                dots.append(
                    (
                        place,
                        4 * min(seen[round(place)], 5),
                        o.verdict.value,
                        f"{line.row.candidate}: {percent(o.estimate, o.target)}",
                    )
                )
                seen[round(place)] += 1
        yield Strip(lab, first, missed, len(found), bar.start_label, bar.target, tuple(dots))
