"""A page of Markdown for the summary of a job (GITHUB_STEP_SUMMARY) or a release."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from grader.formats.cases import meaning
from grader.formats.setting import Setting
from grader.report import summary
from grader.result import ObjectiveResult, Result, Verdict
from grader.safe import visible

_ACTIVE = re.compile(r"[\\`*_{}\[\]()#+\-.!|~:@$^=]")
"""What GitHub's Markdown, with its tables, links, mentions and formulas, may take for more than text."""


def text(result: Result, _: Setting) -> str:
    """What the run means, its objectives as a table, and reasons. Hints and debriefs are not where this is read: only a
    run that proves nothing has a next step."""
    return "\n".join([*_head(result), *_table(result), *_reasons(result), *_next(result)])


def plain(words: str, limit: int = 240) -> str:
    """Others' words as Markdown that says just that, on one line."""
    return html.escape(_ACTIVE.sub(r"\\\g<0>", " ".join(visible(words, limit).split())), quote=False)


def _head(result: Result) -> Iterator[str]:
    yield f"## {summary.SYMBOLS[result.verdict]} {summary.banner(result)}: {plain(result.lab, 80)}"
    yield ""
    yield plain(meaning(result), 1000)
    yield ""


def _table(result: Result) -> Iterator[str]:
    if result.objectives:
        yield "| Objective | Verdict | Promised | Measured | Between | Bad |"
        yield "| --- | --- | --: | --: | --: | --: |"
        yield from (_row(objective, result) for objective in result.objectives)
        yield ""


def _row(objective: ObjectiveResult, result: Result) -> str:
    cells = (
        objective.title,
        f"{summary.SYMBOLS[summary.shown_verdict(objective, result)]} {summary.verdict_word(objective, result)}",
        summary.percent(objective.target),
        summary.measured(objective, result),
        summary.interval(objective),
        "; ".join(filter(None, (summary.bad_events(objective), summary.may_be_bad(objective)))),
    )
    return f"| {' | '.join(plain(cell) for cell in cells)} |"


def _reasons(result: Result) -> Iterator[str]:
    texts = summary.reason_texts(result)
    yield from (f"- {'<br>'.join(plain(line, 1000) for line in said.splitlines())}" for said in texts)
    yield from [""] if texts else []


def _next(result: Result) -> Iterator[str]:
    if result.verdict is Verdict.INVALID:
        yield f"Next: <code>{plain(summary.next_command(result))}</code>"
        yield ""
