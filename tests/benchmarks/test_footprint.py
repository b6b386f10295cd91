"""What counts as the grader's own memory, and how it is told."""

from __future__ import annotations

import subprocess
import sys

import pytest

from benchmarks.footprint import Used, report, role, used

MB = 1_000_000


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("/usr/bin/python3 -m grader.load /run/a.load.json", "load"),
        ("python -m grader.chaos --together a.json b.json", "experiments"),
        ("/home/ann/.venv/bin/python /home/ann/.venv/bin/lab grade canary --json", "judge"),
        ("python -m infra.k8s.carry canary-post-1 grader.metronome", "metronome"),
        ("python -m infra.process.supervisor /home/ann/.brownout/x", None),
        ("python /srv/model-server/main.py", None),
        ("/home/ann/.venv/bin/lab grades", None),
        ("", None),
    ],
)
def test_a_process_is_known_by_its_command_line(command: str, expected: str | None) -> None:
    assert role(command) == expected


@pytest.mark.skipif(sys.platform != "linux", reason="PSS is told by Linux only")
def test_a_running_metronome_is_found_with_what_it_forked() -> None:
    process = subprocess.Popen([sys.executable, "-m", "grader.metronome"], stdout=subprocess.PIPE)
    try:
        assert process.stdout and process.stdout.readline()
        found = used()["metronome"]
        assert found.processes >= 2 and found.memory > MB
    finally:
        process.terminate()
        process.communicate()


def test_the_table_tells_of_one_and_of_several_and_of_each_further_one() -> None:
    alone = {"judge": Used(100 * MB, 1), "load": Used(50 * MB, 1)}
    several = {"judge": Used(180 * MB, 2), "load": Used(90 * MB, 2)}

    text = report(alone, several, 2)

    assert [part.strip() for part in text.splitlines()[-3].split("|")[1:-1]] == ["**all**", "2", "150", "135"]
    assert text.endswith("Each further exam at the same time: 120 MB.")
