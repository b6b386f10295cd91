"""The chart of a run: what was told of each objective, second by second."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from grader.report.pulse import PLAIN_BARS, Pulse, sparkline
from grader.report.terminal import ProgressView, print_pulse
from grader.result import ObjectiveResult, Progress, Verdict

TITLE = "Answers are fast whatever fails, and wherever"
OBJECTIVE = ObjectiveResult("fast", TITLE, "", 0.9, 0, 0, None, 0.0, 1.0, Verdict.UNDECIDED)


def told(elapsed_s: float, good: int, bad: int) -> Progress:
    valid = good + bad
    one = replace(OBJECTIVE, good=good, valid=valid, estimate=good / valid if valid else None)
    return Progress("running", elapsed_s, 20.0, (), (one,))


def test_counts_become_events_of_each_second() -> None:
    pulse = Pulse()
    for progress in (told(1.2, 0, 0), told(3.1, 5, 0), told(3.7, 8, 0), told(4.2, 12, 4), told(7.0, 12, 10)):
        pulse.add(progress)

    assert pulse.seconds("fast") == [(8, 0), (4, 4), (0, 0), (0, 0), (0, 6)]


def test_nothing_is_drawn_before_there_is_an_event() -> None:
    pulse = Pulse()
    pulse.add(told(1.0, 0, 0))

    assert list(pulse.lines()) == []


def test_a_single_event_is_seen_beside_many() -> None:
    assert sparkline([0, 1, 800, 1000], 1000, PLAIN_BARS) == " .*%"


def test_the_chart_says_good_and_bad_in_words_and_fits_everywhere() -> None:
    pulse = Pulse()
    for second in range(60):
        pulse.add(told(second, 20 * second, 2 * second))
    screen = io.TextIOWrapper(io.BytesIO(), "ascii", write_through=True)

    print_pulse(Console(file=screen, width=80), pulse)

    screen.seek(0)
    good, bad = screen.read().splitlines()
    assert (
        good.startswith("Answers are fast whatev~ good ") and " good " in good and " bad " in bad and "measuring" in bad
    )
    assert max(len(good), len(bad)) <= 80


def test_a_live_table_has_the_chart_and_remembers_what_it_had_no_time_to_show() -> None:
    raw = io.StringIO()
    pulse = Pulse()
    with ProgressView(Console(file=raw, force_terminal=True, width=80), clock=lambda: 1.0, pulse=pulse) as view:
        view.update(told(1.0, 10, 0))
        view.update(told(2.0, 10, 10))

    assert "good" in raw.getvalue()
    assert pulse.seconds("fast") == [(10, 0), (0, 10)]
