"""A chart for the terminal that moves while a run goes on: good and bad events of each objective, second by second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from grader.report import summary
from grader.result import ObjectiveResult, Progress, Verdict
from grader.safe import visible

BARS, PLAIN_BARS = " ▁▂▃▄▅▆▇█", " .:-=+*#%"
SECONDS = 34
_TITLE = 24
_STYLES = {Verdict.PASS: "bold green", Verdict.FAIL: "bold red", Verdict.UNDECIDED: "dim"}


class Pulse:
    """Remembers what a run told of its objectives, and draws it."""

    def __init__(self) -> None:
        self._told: dict[str, dict[int, tuple[int, int]]] = {}
        self._last: tuple[ObjectiveResult, ...] = ()

    def add(self, progress: Progress) -> None:
        """Take note of where the run is."""
        self._last = progress.objectives or self._last
        for o in progress.objectives:
            self._told.setdefault(o.id, {})[int(progress.elapsed_s)] = (o.good, o.valid - o.good)

    def seconds(self, objective: str) -> list[tuple[int, int]]:
        """Good and bad events of each second, from the first with an event of any of them on; what is told late counts
        when it is told."""
        began, ended = self._extent()
        told, found = self._told.get(objective, {}), []
        before = (0, 0)
        for second in range(began, ended + 1):
            now = told.get(second, before)
            found.append((max(0, now[0] - before[0]), max(0, now[1] - before[1])))
            before = now
        return found

    def _extent(self) -> tuple[int, int]:
        live = [second for told in self._told.values() for second, counts in told.items() if any(counts)]
        return (min(live), max(second for told in self._told.values() for second in told)) if live else (0, -1)

    def lines(self, *, plain: bool = False) -> Iterator[Text]:
        """Two lines an objective, of `SECONDS` seconds at most; empty before there is an event."""
        bars = PLAIN_BARS if plain else BARS
        symbols = summary.PLAIN_SYMBOLS if plain else summary.SYMBOLS
        for o in self._last if self._extent()[1] >= 0 else ():
            seconds = self.seconds(o.id)[-SECONDS:]
            most = max((n for pair in seconds for n in pair), default=0)
            good, bad = (sparkline([pair[n] for pair in seconds], most, bars).ljust(SECONDS) for n in (0, 1))
            state = (
                "measuring" if o.verdict is Verdict.UNDECIDED else f"{symbols[o.verdict]} {summary.WORDS[o.verdict]}"
            )
            yield Text.assemble(
                _clipped(visible(o.title, 200), "~" if plain else "…"),
                " good ",
                (good, "green"),
                f" {summary.measured(o):>7}",
            )
            yield Text.assemble(
                (state, _STYLES.get(o.verdict, "")), " " * (_TITLE - len(state)), "  bad ", (bad, "red"),
                f" {summary.percent(o.target):>7}",
            )  # fmt: skip


def _clipped(text: str, end: str) -> str:
    return (text if len(text) <= _TITLE else text[: _TITLE - 1] + end).ljust(_TITLE)


def sparkline(values: Sequence[int], most: int, bars: str = BARS) -> str:
    """A sign a value, as high as the value is of `most`; only nothing looks like nothing."""
    top = len(bars) - 1
    return "".join(bars[max(1, round(top * value / most)) if value else 0] for value in values)
