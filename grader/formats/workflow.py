"""Workflow commands that GitHub shows as annotations (docs.github.com, "Workflow commands").

The one place where a line of ours may begin with `::`. Others' words are made visible first, on one line and without
orders, then escaped: what is left of a newline, a colon or a comma can end neither the command nor its title.
"""

from __future__ import annotations

from collections.abc import Iterator

from grader.formats.cases import cases, said
from grader.formats.setting import Setting
from grader.result import Result, Verdict
from grader.safe import visible


def text(result: Result, _: Setting) -> str:
    """An error for each objective that was missed, or for the run if it failed otherwise; a notice for each that was
    kept by a close call; one warning for an invalid run; nothing for another pass."""
    return "".join(f"{line}\n" for line in _commands(result))


def _commands(result: Result) -> Iterator[str]:
    lab = visible(result.lab, 80)  # and every case's message is safe to show
    if result.verdict is Verdict.INVALID:
        yield _command("warning", f"{lab}: invalid run", said(result))
        return
    for case in cases(result):
        if case.verdict is Verdict.FAIL:
            yield _command("error", f"{lab}: {case.objective.title if case.objective else case.name}", case.message)
        elif case.close and case.objective:
            yield _command("notice", f"{lab}: {case.objective.title}", case.message)


def _command(kind: str, title: str, message: str) -> str:
    return f"::{kind} title={_property(visible(title))}::{_data(message)}"


def _data(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(words: str) -> str:
    return _data(words).replace(":", "%3A").replace(",", "%2C")
