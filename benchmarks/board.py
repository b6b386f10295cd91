"""How long a change takes from the cluster's side to the teacher's eyes, at 30 and at 200 people.

A real board over a source that is held in memory, and a real browser. A desk in the source changes; a script in the
page notes the frame that shows it. Both clocks are the same machine's. What a cluster takes to answer is not in it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.crowd import Held
from benchmarks.machine import in_use, made_by, main
from benchmarks.tables import publish, table
from grader.classroom.board.demo import Crowd
from grader.classroom.board.history import History
from grader.classroom.board.run import HISTORY, board
from grader.classroom.board.watcher import EVERY_S
from grader.errors import BadInput

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZES = (30, 200)
QUICK_S = 0.02
SHOWN_S = 60.0
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
_WATCH = """() => {
  window.seen = {};
  new MutationObserver((changes) => {
    requestAnimationFrame(() => { const shown = Date.now() / 1000;
      for (const change of changes) {
        const cell = change.target.closest?.("td.saves");
        if (cell) window.seen[cell.parentElement.dataset.id + "/" + cell.textContent.replace(/\\D/g, "")] = shown;
      }
    });
  }).observe(document.getElementById("rows"), {childList: true, subtree: true});
}"""


def measured(size: int, times: int, every_s: float, seed: int = 1) -> list[float]:
    """Seconds from a change to the frame that shows it, `times` over.

    Raises:
        BadInput: there is no browser here.
        TimeoutError: a change was not shown within a minute.
    """
    from playwright.sync_api import sync_playwright

    if not os.access(CHROMIUM, os.X_OK):
        raise BadInput("there is no chromium on this machine: install it")
    rng, now = random.Random(seed), time.time()
    crowd = Crowd(size, now - 3000)
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder) / HISTORY)
        crowd.watch(history, now, every_s=60.0)
        history.close()
        source = Held(crowd.at(now))
        with board(source, Path(folder), every_s=every_s) as links, sync_playwright() as driver:
            chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            page = chromium.new_page(viewport={"width": 1440, "height": 900})
            page.goto(links.urls()[0])
            page.wait_for_selector("#rows tr")
            page.evaluate(_WATCH)
            found = [_once(source, page, rng.randrange(size), every_s * rng.random()) for _ in range(times)]
            chromium.close()
    return found


def _once(source: Held, page: Page, number: int, rest_s: float) -> float:
    """Change one desk after a rest, so that changes fall anywhere between two looks."""
    page.wait_for_timeout(50 + 1000 * rest_s)
    desk, person = source.snapshot.desks[number], source.snapshot.participants[number]
    began = time.time()
    source.desk(number, saves=desk.saves + 1)
    key = json.dumps(f"{person.id}/{desk.saves + 1}")
    while time.time() - began < SHOWN_S:
        shown: Any = page.evaluate(f"window.seen[{key}] ?? 0")
        if shown:
            return float(shown) - began
        page.wait_for_timeout(20)
    raise TimeoutError(f"a change was not shown within {SHOWN_S:g} s")


def _row(size: int, every_s: float, found: Sequence[float]) -> list[str]:
    ordered = sorted(found)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    figures = (statistics.median(ordered), p95, ordered[-1])
    return [str(size), f"{every_s:g} s", str(len(found)), *(f"{1000 * x:,.0f}" for x in figures)]


def command() -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.board", description="From a change to the page that shows it.")
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    options = parser.parse_args()
    above = made_by(["board", "--times", str(options.times)], in_use())
    rows = [
        _row(size, every_s, measured(size, options.times, every_s)) for every_s in (EVERY_S, QUICK_S) for size in SIZES
    ]
    head = ("people", "looks every", "changes", "median ms", "p95 ms", "slowest ms")
    publish("board", f"{above}\n\n{table(head, rows)}", options.write)
    return 0


if __name__ == "__main__":
    main(command)
