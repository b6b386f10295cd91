"""`lab batch`: what it will cost, how far it is, and what came out."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.classroom.desk.seat import seat
from grader.cli import grading
from grader.cli.console import INVALID, OK, next_step, note, plain, rich_console, say, stop_with
from grader.course.files import shown
from grader.errors import BadInput
from grader.practice import rig
from grader.report.summary import count, seconds
from grader.safe import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.hiring.batch.rows import Row
    from grader.hiring.batch.running import Batch, Outcome
    from grader.judge.record import Close


@dataclass(frozen=True)
class How:
    """How each submission is graded: the options of `lab grade` that a batch passes on."""

    runtime: str
    key: Path | None
    sign: Path | None
    strict: bool
    close: Close = "decide"


def batch(source: Path, lab: str, how: How, *, to: Path | None, at_once: int | None, resume: bool) -> None:
    """Grade many submissions; exits 0 when each has a verdict or is refused, 3 when one is invalid."""
    from grader.hiring.batch import planning, running, tables
    from grader.hiring.batch.alike import alike
    from grader.hiring.batch.rows import read

    if not source.exists():
        raise BadInput(f"{shown(source)}: is not there; name a folder of submissions, or a CSV that lists them")
    place = rig.runtime_name(how.runtime)
    if how.strict:
        grading.check_walls(place)
    rows = read(source, lab)
    for one in {row.lab for row in rows}:
        seat(one).refuse_exam()
    folder = (to or source.resolve().with_name(f"batch-{source.resolve().stem}")).absolute()
    whole = running.Batch(folder, rows, place, how.key, how.sign, how.strict, how.close)
    running.begin(folder, source, resume)
    if left := whole.left():
        side_by_side = at_once or planning.at_once(whole.scenarios.values())
        note(_cost(whole, left, side_by_side))
        with _progress(len(left)) as shows:

            def on_outcome(row: Row, outcome: Outcome) -> None:
                shows(row, outcome)
                tables.write(whole, [], "submissions are compared when all are graded")

            whole.run(side_by_side, on_outcome)
    note("looking for submissions that are alike")
    judged = [row for row in rows if (found := whole.outcome(row)) and found.verdict in ("pass", "fail")]
    pairs, why = alike(judged)
    counts = tables.write(whole, pairs, why)
    for line in _came_out(len(rows), counts, len(pairs)):
        say(line)
    if why:
        note(why)
    print((folder / "batch.html").as_uri())
    if judged:
        words = [str(whole.run_dir(judged[0])), "--submission", str(judged[0].path)]
        next_step(f"lab review {shlex.join(words)}", "a page about one of them: its change, margins, questions")
    stop_with(INVALID if counts["invalid"] else OK)


def _came_out(number: int, counts: Mapping[str, int], pairs: int) -> Iterator[str]:
    """What a batch says at its end."""
    from grader.hiring.batch.tables import VERDICTS

    yield f"{count(number, 'submission')}: " + ", ".join(f"{counts[name]} {name}" for name in VERDICTS) + "."
    if near := counts["close"]:
        yield f"{count(near, 'close call')} among them, first on the page, for a person to look at."
    if pairs:
        yield f"{count(pairs, 'pair')} of them suspiciously alike; the page has their names."
    if counts["invalid"]:
        yield "Invalid is no fail: the run, or the machine, proved nothing."
        yield "--resume grades invalid ones again, but not what is suspect or close."


def _cost(whole: Batch, left: Sequence[Row], at_once: int) -> str:
    from grader.hiring.batch import planning

    done = len(whole.rows) - len(left)
    told = f"{count(len(left), 'submission')} to grade on {whole.place}"
    told += f" ({done} are through already)" if done else ""
    medians = {lab: planning.median_s(scenario, whole.place) for lab, scenario in whole.scenarios.items()}
    known = {lab: value for lab, value in medians.items() if value is not None}
    told += f", {at_once} at once"
    if len(known) < len(medians):
        missing = ", ".join(sorted(medians.keys() - known.keys()))
        return f"{told}; how long is not known: no ledger has an exam of {missing} on {whole.place}."
    took = planning.batch_s([known[row.lab] for row in left], at_once)
    each = ", ".join(f"{seconds(value)} each for {lab}" for lab, value in sorted(known.items()))
    end = time.strftime("%H:%M", time.localtime(time.time() + took))
    return f"{told}, {each} (the median of its ledger): {seconds(took)} of this machine, until about {end}."


@contextmanager
def _progress(number: int) -> Iterator[Callable[[Row, Outcome], None]]:
    """Gives the function that shows what is through: a bar on a terminal, a line a submission in any case."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = rich_console(stderr=True)
    columns = (
        TextColumn("graded{task.fields[told]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=number, told="")
        done = near = 0

        def show(row: Row, outcome: Outcome) -> None:
            nonlocal done, near
            done, near = done + 1, near + outcome.close
            told = f", {near} close" if near else ""
            bar.update(task, advance=1, told=told)
            why = "" if outcome.verdict in ("pass", "fail") else f": {visible(outcome.reason, 160)}"
            who = f"{plain(row.candidate)}, {row.lab}"
            line = f"{done} of {number}{told}: {who}, {outcome.word}, {seconds(outcome.seconds)}{why}"
            console.print(line, markup=False, soft_wrap=True)

        yield show
