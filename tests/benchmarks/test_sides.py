"""`benchmarks.sides`: its table, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.sides import Pair, Side, command, summary
from grader.errors import BadInput
from tests.benchmarks.test_verdicts import GOOD, INVALID, body


def test_ratios_are_of_pairs_and_their_mean_is_geometric() -> None:
    quick = Pair(Side(GOOD, 30.0), Side(GOOD, 20.0))
    slow = Pair(Side(GOOD, 90.0), Side(GOOD, 20.0))
    again = replace(INVALID, lab="other", kind=GOOD.kind, tries={"a": 2, "b": 1})
    lines = body(summary([quick, slow, quick, Pair(Side(again, 6.0), Side(GOOD, 1.0))], "k8s", "compose"))

    assert lines[f"`desk`, {GOOD.kind}"] == ["3", "20.0", "30.0", "1.50", "0", "0"]
    assert lines[f"`other`, {GOOD.kind}"] == ["1", "1.0", "6.0", "6.00", "1", "1"]
    assert lines["**all**, geometric mean"][:4] == ["4", "", "", "3.00"]


def test_two_runtimes_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["sides", "--on", "process", "--beside", "process"])
    with pytest.raises(BadInput, match="choose two"):
        command()
