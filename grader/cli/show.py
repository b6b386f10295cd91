"""An exam while it runs, on stderr, and its result, on stdout; `grader.report.terminal` draws both."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from grader.cli.console import rich_console
from grader.result import Progress, Result


@contextlib.contextmanager
def live() -> Iterator[Callable[[Progress], None]]:
    """Gives the function that shows progress."""
    from grader.report.terminal import ProgressView

    with ProgressView(rich_console(stderr=True)) as view:
        yield view.update


def result(judged: Result, run_dir: Path | None, next_command: str, untried: Sequence[str] = ()) -> None:
    """Print the verdict, the objectives, where to look next (with `run_dir`), and the next command; `untried`: titles
    of objectives that only the exam judges."""
    from grader.report.terminal import print_result

    print_result(rich_console(), judged, run_dir, next_command=next_command, untried=untried)
