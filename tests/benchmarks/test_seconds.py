"""The table of seconds: which exams it shows, and in which order."""

from __future__ import annotations

from benchmarks.seconds import Spent, text


def spent(lab: str, verdict: str, whole: float) -> Spent:
    return Spent(lab, "reference" if verdict == "pass" else "fake", verdict, whole, load=whole - 1, stop=1.0, groups=1)


def test_the_slowest_pass_comes_first_with_its_fail_and_medians_are_told() -> None:
    kept = [spent("a", "fail", 9.0), spent("a", "pass", 10.0), spent("b", "pass", 30.0), spent("b", "fail", 4.0)]

    lines = text(kept).splitlines()

    assert [line.split(" | ")[0] for line in lines[2:6]] == [
        "| `b`, reference",
        "| `b`, fake",
        "| `a`, reference",
        "| `a`, fake",
    ]
    assert lines[2].split(" | ")[1:5] == ["pass", "30.0", "0.0", "0.0"]
    assert lines[-1] == "Median: 6.5 s to fail. Median: 20.0 s to pass."
