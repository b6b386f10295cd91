"""An exam while it runs, on stderr, and its result, on stdout; `grader.report.terminal` draws both."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.console import FAIL, INVALID, OK, rich_console
from grader.errors import BadInput
from grader.invocation import pasteable
from grader.result import Progress, Result, Verdict, named

if TYPE_CHECKING:
    from grader.report.excerpt import Excerpt
    from grader.report.pulse import Pulse

EXIT = {Verdict.PASS: OK, Verdict.FAIL: FAIL, Verdict.UNDECIDED: FAIL, Verdict.INVALID: INVALID}


@contextlib.contextmanager
def live(pulse: Pulse | None = None) -> Iterator[Callable[[Progress], None]]:
    """Gives the function that shows progress, with a chart of each objective if there is a `pulse`."""
    from grader.report.terminal import ProgressView

    with ProgressView(rich_console(stderr=True), pulse=pulse) as view:
        yield view.update


def result(
    judged: Result,
    run_dir: Path | None,
    next_command: str,
    untried: Sequence[str] = (),
    *,
    before: Result | None = None,
    quote: bool = True,
    excerpt: Excerpt | None = None,
) -> None:
    """Print the verdict, the objectives, where to look next (with `run_dir`), and the next command; `untried`: titles
    of objectives that only the exam judges; `before`: the run before, to be compared with; without `quote`, nothing
    that an answer said; `excerpt`: of the log that is to be read next."""
    from grader.report.terminal import print_result

    step = pasteable(next_command)
    print_result(
        rich_console(),
        judged,
        run_dir,
        next_command=step,
        untried=untried,
        before=before,
        quote=quote,
        excerpt=excerpt,
    )


def summary(path: Path) -> str:
    """One line about a result.

    Raises:
        BadInput: it cannot be read.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        kept = sum(o["verdict"] == "pass" for o in data["objectives"])
        found = f"{kept} of {len(data['objectives'])} objectives kept"
        found = "it proves nothing" if data["verdict"] == "invalid" else found
        return f"{data['lab']}: {named(data['verdict'], data.get('close') is True)}; {found}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from error
