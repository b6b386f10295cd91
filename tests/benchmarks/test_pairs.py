"""Exams two at a time, with stand-ins for exams that take as long as they are told."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from benchmarks import pairs
from benchmarks.pairs import Order, in_pairs
from grader.errors import Unproven
from tests.benchmarks.test_verdicts import GOOD

ORDER = Order("desk", "reference", "process", number=0, machine="pair", seed=7, keep="unused")

STAND_IN = """
import json, pathlib, sys, time
folder, number, row, seconds = pathlib.Path(sys.argv[1]), *sys.argv[2:]
with (folder / "log").open("a") as log:
    log.write(f"{number} begins\\n")
time.sleep(float(seconds))
with (folder / "log").open("a") as log:
    log.write(f"{number} ends\\n")
print(row)
"""


@pytest.fixture
def seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[int, list[float]]:
    """How long each stand-in takes, by its number, each time that it is held; 0.1 s unless told."""
    told: dict[int, list[float]] = {}

    def start(order: Order) -> subprocess.Popen[str]:
        row = json.dumps(asdict(replace(GOOD, number=order.number)))
        takes = (told.get(order.number) or [0.1]).pop(0)
        arguments = [str(tmp_path), str(order.number), row, str(takes)]
        return subprocess.Popen([sys.executable, "-c", STAND_IN, *arguments], stdout=subprocess.PIPE, text=True)

    monkeypatch.setattr(pairs, "_start", start)
    return told


def test_every_exam_is_held_once_and_the_last_has_company_that_does_not_count(
    seconds: dict[int, list[float]], tmp_path: Path
) -> None:
    seconds.update({0: [0.1, 3600.0], 2: [1.5]})
    held = list(in_pairs([replace(ORDER, number=n) for n in range(3)]))

    assert sorted(exam.number for exam in held) == [0, 1, 2]
    log = (tmp_path / "log").read_text().splitlines()
    assert log.count("0 begins") == 2
    assert log.count("0 ends") == 1
    assert log[-1] == "2 ends"


def test_an_exam_that_cannot_be_held_ends_the_series(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(order: Order) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-c", "raise SystemExit(2)"], stdout=subprocess.PIPE, text=True)

    monkeypatch.setattr(pairs, "_start", start)
    with pytest.raises(Unproven, match="exit code 2"):
        list(in_pairs([ORDER]))


def test_no_orders_no_exams() -> None:
    assert list(in_pairs([])) == []
