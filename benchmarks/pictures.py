"""The pictures of docs/verdicts.md: `.venv/bin/python -m benchmarks.dependence --pictures`."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.judges import limits
from benchmarks.machine import ROOT
from benchmarks.plot import Plot, Point, picture
from grader.judge.decide import Errors
from grader.judge.stats import log_evidence_fail, log_evidence_pass

FOLDER = ROOT / "docs" / "pictures"
TOTAL, RATE, TARGET = 720, 60, 0.95
ERRORS = Errors.of_exam(0.05, 1)


def draw_all(rates: Mapping[str, Sequence[Point]], folder: Path = FOLDER) -> None:
    """Write all pictures.

    Args:
        rates: per cent of wrong verdicts against per cent of utilisation, of `ours`, `peeking` and `once`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("evidence", evidence()), ("zones", zones()), ("dependence", dependence(rates))):
        (folder / f"{name}.svg").write_text(text, "utf-8")


def evidence() -> str:
    """Three exams of 720 requests: what `decide` compares with its bound as they come in."""
    systems = [("good: 1 % bad", 0.01), ("broken: 15 % bad", 0.15), ("close: 5.5 % bad", 0.055)]
    plots = [_exam(60 + 290 * n, title, ratio, seed=n) for n, (title, ratio) in enumerate(systems)]
    title = "Evidence for pass and for fail over the 12 s of three exams; the good one passes near its end, the broken "
    return picture(920, 310, title + "one fails after two thirds of it, the close one stays undecided", plots)


def _exam(left: float, title: str, ratio: float, seed: int) -> Plot:
    plot = Plot(left, 50, 250, 200, (0, TOTAL / RATE), (1e-2, 1e4), decades=True)
    powers = [(1e-2, "1/100"), (1, "1"), (1e2, "100"), (1e4, "10⁴")]
    plot.grid([(x, f"{x} s") for x in (0, 4, 8, 12)], powers if seed == 0 else [(p, "") for p, _ in powers])
    for_pass, for_fail = _course(ratio, seed)
    plot.level(1 / ERRORS.wrong_pass, "dashed thin")
    plot.curve(for_pass, "good")
    plot.curve(for_fail, "bad")
    plot.caption(title, "time of the exam")
    if seed == 0:
        plot.say((0.3, 30), "enough: 1/α = 20", "dim")
        plot.say((11, 2), "for pass", "good", "end")
    if seed == 1:
        plot.say((6.6, 2), "for fail", "bad", "end")
    return plot


def _course(ratio: float, seed: int) -> tuple[list[Point], list[Point]]:
    """Evidence for pass with the rest bad, and for fail with the rest good, at each second request."""
    rng = random.Random(f"evidence {seed}")
    bad, for_pass, for_fail = 0, [], []
    for seen in range(1, TOTAL + 1):
        bad += rng.random() < ratio
        if seen % 2 == 0:
            rest = TOTAL - seen
            for_pass.append((seen / RATE, _exp(log_evidence_pass(bad + rest, seen - bad, 1 - TARGET))))
            for_fail.append((seen / RATE, _exp(log_evidence_fail(bad, seen - bad + rest, 1 - TARGET))))
    return for_pass, for_fail


def _exp(log: float) -> float:
    return math.exp(min(max(log, -30), 30))


def zones() -> str:
    """Which counts of bad requests decide, against how many of the 720 have been seen."""
    plot = Plot(70, 50, 620, 330, (0, TOTAL), (0, 100))
    most, least = limits(TOTAL, TARGET, ERRORS)
    plot.grid([(x, str(x)) for x in range(0, 721, 120)], [(y, str(y)) for y in range(0, 101, 20)])
    plot.area([(0, 0), (TOTAL - most, 0), (TOTAL, most), (TOTAL, least), (least, least)], "open")
    plot.area([(least, least), (TOTAL, least), (TOTAL, 100), (100, 100)], "bad")
    plot.area([(TOTAL - most, 0), (TOTAL, 0), (TOTAL, most)], "good")
    plot.curve([(0, 0), (100, 100)], "grid")
    sizes = list(range(20, TOTAL + 1, 4))
    ends = [(n, limits(n, TARGET, ERRORS)) for n in sizes]
    plot.curve([(n, high) for n, (_, high) in ends if high <= n], "bad dashed thin")
    plot.curve([(n, low) for n, (low, _) in ends if low >= 0], "good dashed thin")
    plot.curve([(0, 0), (TOTAL, TOTAL * (1 - TARGET))], "dashed thin")
    plot.say((330, 85), f"fail: {least} bad or more", "bad", "middle")
    plot.say((240, 48), "undecided: go on", "open", "middle")
    plot.say((TOTAL - most - 10, 2.5), f"pass: at most {most} bad, all seen", "good", "end")
    plot.say((500, 29), "exactly 5 % bad", "dim", "end")
    plot.say((710, 92), "dashed: what the counts so far would say alone", "dim", "end")
    plot.caption("Bad requests so far, target 95 % of 720", "requests seen")
    return picture(720, 440, f"Of 720 requests, {least} bad ones fail at any time, {most} at most pass", [plot])


def dependence(rates: Mapping[str, Sequence[Point]]) -> str:
    """Wrong verdicts of a system that lies exactly on the bound, against its utilisation."""
    plot = Plot(70, 50, 560, 300, (0, 90), (0, 100))
    plot.grid([(x, f"{x} %") for x in range(0, 91, 10)], [(y, f"{y} %") for y in range(0, 101, 20)])
    plot.level(10, "dashed thin")
    plot.say((1, 12), "promised: 5 % on each side", "dim")
    labels = {
        "peeking": ("bad", "fixed-sample bound, peeking"),
        "once": ("other", "the same, one look"),
        "ours": ("good", "ours"),
    }
    for name, points in rates.items():
        style, words = labels[name]
        plot.curve(points, style)
        plot.parts.append(_legend(plot, list(labels).index(name), style, words))
    plot.caption(
        "Wrong verdicts where the truth is exactly the bound", "utilisation of four servers, evenly spaced arrivals"
    )
    return picture(660, 410, "Error rates against utilisation for peeking, one look and ours", [plot])


def _legend(plot: Plot, line: int, style: str, words: str) -> str:
    x, y = plot.left + 16, plot.top + 14 + 19 * line
    return (
        f'<path class="{style}" d="M{x:g},{y:g}h26"/><text x="{x + 34:g}" y="{y + 4:g}" class="{style}">{words}</text>'
    )
