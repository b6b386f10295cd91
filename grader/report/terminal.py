"""The terminal: a run as it goes, and what it ended with. Works at 80 columns, without colour, and into a file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from grader.errors import BadInput
from grader.report import summary
from grader.report.pulse import Pulse
from grader.result import ObjectiveResult, Progress, Reason, Result, Verdict
from grader.safe import visible

if TYPE_CHECKING:
    from grader.report.excerpt import Excerpt

_STYLES = {
    Verdict.PASS: "bold green",
    Verdict.FAIL: "bold red",
    Verdict.UNDECIDED: "bold yellow",
    Verdict.INVALID: "bold yellow",
}
_MOST_TRIALS = 10
_REDRAW_S = 0.2


class ProgressView:
    """Shows a run as it goes: a live table on a terminal, a plain line every `every_s` seconds elsewhere.

    Use as a context manager and hand `update` to the run. With `quiet` it says nothing at all. With a `pulse` the table
    has a chart of each objective that moves.
    """

    def __init__(
        self,
        console: Console | None = None,
        *,
        quiet: bool = False,
        every_s: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
        pulse: Pulse | None = None,
    ) -> None:
        self._pulse = pulse
        self._console = console or Console(stderr=True)
        self._quiet, self._every_s, self._clock = quiet, every_s, clock
        self._live: Live | None = None
        self._last = -float("inf")
        self._stage = ""

    def __enter__(self) -> ProgressView:
        if self._console.is_terminal and not self._quiet:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()
            self._live = None

    def update(self, progress: Progress) -> None:
        """Show where the run is; calls that come too fast for a reader are dropped, a new stage never is."""
        if self._pulse:
            self._pulse.add(progress)
        if self._quiet:
            return
        now = self._clock()
        wait = _REDRAW_S if self._live else self._every_s
        if now - self._last < wait and progress.stage == self._stage:
            return
        self._last, self._stage = now, progress.stage
        if self._live:
            self._live.update(_picture(progress, _symbols(self._console), self._pulse), refresh=True)
        else:
            self._console.print(Text(progress_line(progress)), soft_wrap=True)


def print_pulse(console: Console, pulse: Pulse) -> None:
    """Print the chart as it was last."""
    for line in pulse.lines(plain=_symbols(console) is summary.PLAIN_SYMBOLS):
        console.print(line, no_wrap=True)


def print_worst_second(console: Console, result: Result, run_dir: Path, quote: bool) -> None:
    """Print where most bad events of one objective lie, whatever the verdict; nothing if none is bad."""
    from grader.report.data import RunData, hotspots

    with RunData(run_dir) as data:
        spots = hotspots(data, summary.counting(result))
    titles = summary.trial_titles(result.trials)
    found = [(o, spots[o.id]) for o in result.objectives if o.id in spots and spots[o.id].trial in titles]
    for o, spot in sorted(found, key=lambda pair: pair[1].bad, reverse=True)[:1]:
        spot = spot if quote else replace(spot, symptom="")
        where = f"{visible(o.title, 60)}, {summary.look_next(spot, titles)}"
        console.print(Text.assemble(("Worst second  ", "bold"), where))


def progress_line(progress: Progress) -> str:
    """A run as one plain line: where it is, how many requests were answered, how many objectives are settled."""
    answered, bad = (sum(getattr(trial, name) for trial in progress.trials) for name in ("done", "bad"))
    parts = [f"{_clock_of(progress)}: {visible(progress.stage, 90)}"]
    if progress.trials:
        parts.append(
            f"{summary.count(len(progress.trials), 'trial')}, {answered:,} answered over all phases, {bad:,} not fine"
        )
    if progress.objectives:
        settled = sum(o.verdict is not Verdict.UNDECIDED for o in progress.objectives)
        parts.append(f"{settled} of {summary.count(len(progress.objectives), 'objective')} settled")
    return "; ".join(parts)


def _clock_of(progress: Progress) -> str:
    """How far it is; without a goal where that is behind it."""
    left = progress.planned_s > progress.elapsed_s
    return f"{progress.elapsed_s:.0f} s" + (f" of about {progress.planned_s:.0f} s" if left else "")


def _picture(progress: Progress, symbols: Mapping[Verdict, str], pulse: Pulse | None) -> Group:
    parts: list[Text | Table] = [Text(f"{visible(progress.stage, 90)}  {_clock_of(progress)}", style="bold")]
    if progress.trials:
        parts += [_trials(progress), *_hidden(progress)]
    if pulse:
        parts += pulse.lines(plain=symbols is summary.PLAIN_SYMBOLS)
    elif progress.objectives:
        parts.append(_settling(progress.objectives, symbols))
    return Group(*parts)


def _hidden(progress: Progress) -> Iterator[Text]:
    if len(progress.trials) > _MOST_TRIALS:
        yield Text(f"and {summary.count(len(progress.trials) - _MOST_TRIALS, 'more trial')}", style="dim")


def _trials(progress: Progress) -> Table:
    table = _table("Trial", "State", "Phase", right=("Rate", "Answered", "Not fine"))
    for trial in progress.trials[:_MOST_TRIALS]:
        table.add_row(
            _text(trial.title, 40),
            _text(trial.state, 16),
            _text(trial.phase, 16),
            Text(f"{trial.rate:g}/s"),
            Text(f"{trial.done:,}"),
            Text(f"{trial.bad:,}", style="red" if trial.bad else ""),
        )
    return table


def _settling(objectives: tuple[ObjectiveResult, ...], symbols: Mapping[Verdict, str]) -> Table:
    table = _table("Objective", "So far", "", right=("Promised",))
    for o in objectives:
        open_still = o.verdict is Verdict.UNDECIDED
        state = Text("measuring", style="dim") if open_still else _verdict(o.verdict, symbols)
        table.add_row(_text(o.title, 40), Text(summary.measured(o)), state, Text(summary.percent(o.target)))
    return table


def print_result(
    console: Console,
    result: Result,
    run_dir: Path | None,
    *,
    next_command: str | None = None,
    untried: Sequence[str] = (),
    before: Result | None = None,
    quote: bool = True,
    excerpt: Excerpt | None = None,
) -> None:
    """Print the verdict, the objectives and those that only the exam judges (`untried`, titles), where to look next,
    the report's path and the next command.

    Without `run_dir` (its report is about other objectives) neither report nor where to look. Without `quote`, nothing
    that the submission's answers said. With the run `before`, how many more or fewer objectives are kept. With an
    `excerpt`, what the submission's service wrote where most went wrong.
    """
    symbols = _symbols(console)
    title = Text(f"{symbols[result.verdict]} {summary.banner(result)}. ", style=_STYLES[result.verdict])
    console.print()
    console.print(title + Text(summary.headline(result), style="default"))
    console.print(Text(summary.advice(result), style="dim"))
    for line in _reasons(result):
        console.print(line)
    console.print()
    if result.objectives:
        console.print(_objectives(result, symbols))
        console.print()
    if told := summary.since(result, before):
        console.print(Text(told))
        console.print()
    if untried:
        titles = "; ".join(visible(title, 60) for title in untried)
        console.print(Text(f"Not tried here, only in the exam: {titles}"))
        console.print()
    if run_dir is not None:
        _print_where(console, result, run_dir, quote)
    if excerpt:
        _print_excerpt(console, excerpt)
    if result.reader:
        _print_reader(console, result.reader)
    console.print(Text(f"Next    {next_command or summary.next_command(result)}"), soft_wrap=True)


def _print_where(console: Console, result: Result, run_dir: Path, quote: bool) -> None:
    for line in _look_next(result, run_dir, quote):
        console.print(line)
    console.print()
    report = run_dir / "report.html"
    if report.exists():
        console.print(Text(f"Report  {report}"), soft_wrap=True)


def _print_reader(console: Console, questions: Sequence[str]) -> None:
    console.print(Text("Not judged here, for a person who reads what was handed in:", style="bold"))
    for question in questions:
        console.print(Text(f"  - {visible(question, 300)}"))
    console.print()


def _print_excerpt(console: Console, excerpt: Excerpt) -> None:
    spot = excerpt.spot
    if excerpt.word:
        what = f"around one of the bad events of {spot.start_s:g} s to {spot.end_s:g} s"
    else:
        what = f"what it wrote most or last, for no line names a bad event of {spot.start_s:g} s to {spot.end_s:g} s"
    title = f"Log of {visible(excerpt.service, 40)}, {visible(excerpt.trial, 60)}: {what}"
    console.print(Text(title, style="bold"))
    for line in excerpt.lines:
        named = bool(excerpt.word) and excerpt.word in line
        console.print(Text(f"{'>' if named else '|'} {line}", style="bold" if named else "dim"), soft_wrap=True)
    console.print()


def _reasons(result: Result) -> Iterator[Text]:
    """What neither the headline nor the table of objectives says: the first of each kind, how many more there are, and
    once what to do about them. All are in the report."""
    kinds: dict[str, list[Reason]] = {}
    for reason in (*result.reasons, *summary.in_the_way(result)):
        if reason.code not in ("objective-missed", "undecided"):
            kinds.setdefault(reason.code, []).append(reason)
    for first, *others in kinds.values():
        if first in summary.told(result):
            if others:
                yield Text(f"- and {len(others)} more of this kind")
            continue
        more = f" (and {len(others)} more of this kind)" if others else ""
        yield Text(f"- {summary.reason_text(first, result)}{more}")
        if remedy := summary.remedy(first):
            yield Text(f"  {remedy}", style="dim")


def _objectives(result: Result, symbols: Mapping[Verdict, str]) -> Table:
    table = _table("Objective", "Verdict", right=("Promised", "Measured", "Between", "Bad"))
    for o in result.objectives:
        table.add_row(
            _text(f"{o.title} ({o.id})", 80),
            _objective_verdict(o, result, symbols),
            Text(summary.percent(o.target)),
            Text(summary.measured(o, result)),
            Text(summary.interval(o).replace(" to ", " to\n")),
            Text("\n".join(filter(None, (summary.bad_events(o).replace(" of ", " of\n"), summary.may_be_bad(o))))),
        )
    return table


def _look_next(result: Result, run_dir: Path, quote: bool) -> Iterator[Text]:
    """Where the bad events of missed or undecided objectives lie; nothing where the run folder cannot say."""
    telling = summary.to_look_at(result)
    if not telling:
        return
    from grader.report.data import RunData, hotspots

    try:
        with RunData(run_dir) as data:
            spots = hotspots(data, summary.counting(result))
    except BadInput:
        return
    titles = summary.trial_titles(result.trials)
    for o in telling:
        spot = spots.get(o.id)
        if spot and spot.trial in titles:
            spot = spot if quote else replace(spot, symptom="")
            yield Text.assemble((f"{visible(o.title, 60)}: ", "bold"), f"look at {summary.look_next(spot, titles)}")


def _table(*left: str, right: tuple[str, ...] = ()) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for number, name in enumerate(left):
        table.add_column(name, overflow="fold", ratio=None, min_width=14 if number == 0 else None)
    for name in right:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _verdict(verdict: Verdict, symbols: Mapping[Verdict, str]) -> Text:
    return Text(f"{symbols[verdict]} {summary.WORDS[verdict]}", style=_STYLES[verdict], no_wrap=True)


def _objective_verdict(o: ObjectiveResult, result: Result, symbols: Mapping[Verdict, str]) -> Text:
    if summary.left_open(o, result):
        return Text(f"- {summary.verdict_word(o, result)}", style="dim", no_wrap=True)
    shown = summary.shown_verdict(o, result)
    return Text(f"{symbols[shown]} {summary.verdict_word(o, result)}", style=_STYLES[shown], no_wrap=True)


def _text(text: str, limit: int) -> Text:
    return Text(visible(text, limit))


def _symbols(console: Console) -> Mapping[Verdict, str]:
    return summary.SYMBOLS if console.encoding.lower().startswith("utf") else summary.PLAIN_SYMBOLS
