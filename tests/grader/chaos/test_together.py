"""`python -m grader.chaos --together`: several real experiments by fork, each with its own ending."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.grader.chaos.chaos_helpers import scenario, step, steps

LONG = step("action", "wait", "at", seconds=3600)
"""Longer than any test may take."""


def plan(folder: Path, method: list[dict[str, Any]], rollbacks: list[dict[str, Any]] | None = None) -> Path:
    """An order in a folder of its own."""
    folder.mkdir()
    experiment = scenario(folder, method, rollbacks=rollbacks)
    path = folder / "run.chaos.json"
    path.write_text(
        json.dumps(
            {
                "experiment": str(experiment),
                "deployment": {"runtime": "process", "name": "none"},
                "module_path": str(folder),
                "steps": str(folder / "steps.jsonl"),
                "journal": str(folder / "journal.json"),
            }
        )
    )
    return path


def launch(*plans: Path) -> subprocess.Popen[str]:
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(
        [sys.executable, "-m", "grader.chaos", "--together", *map(str, plans)],
        text=True,
        start_new_session=True,
        **pipes,
    )


def said(process: subprocess.Popen[str], lines: int) -> list[dict[str, Any]]:
    assert process.stdout
    return [json.loads(process.stdout.readline()) for _ in range(lines)]


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write(json.dumps({"start_at": time.time()}) + "\n")
    process.stdin.flush()


def marks(folder: Path) -> dict[str, Any]:
    return step("action", "mark", "mark", module="exam", path=str(folder / "marked"))


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not get that far"
        time.sleep(0.02)


def test_each_ends_with_its_own_code_and_its_own_words(tmp_path: Path) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    process = launch(plan(good, [marks(good)]), plan(bad, [step("action", "trips", "crash", module="exam")]))

    assert said(process, 2) == [{"experiment": 0, "ready": True}, {"experiment": 1, "ready": True}]
    go(process)
    began = time.time()
    endings = said(process, 2)

    assert {line["experiment"]: line["code"] for line in endings} == {0: 0, 1: 5}
    assert all(began <= line["ended_at"] <= time.time() for line in endings)
    assert process.wait(20) == 0
    assert (good / "marked").read_text() == "x"
    assert "no such luck" in (bad / "run.chaos.log").read_text()
    process.communicate()


def two_under_way(tmp_path: Path) -> tuple[list[Path], subprocess.Popen[str]]:
    """Folders of two experiments that wait for long and have rollbacks, and the runner in the middle of them."""
    folders = [tmp_path / "a", tmp_path / "b"]
    process = launch(*(plan(folder, [LONG], [marks(folder)]) for folder in folders))
    said(process, 2)
    go(process)
    time.sleep(0.5)
    return folders, process


def test_one_that_cannot_start_is_not_ready_and_the_others_run(tmp_path: Path) -> None:
    good = tmp_path / "good"
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    process = launch(broken, plan(good, [marks(good)]))

    assert said(process, 2) == [{"experiment": 0, "ready": False}, {"experiment": 1, "ready": True}]
    go(process)

    assert {line["experiment"]: line["code"] for line in said(process, 2)} == {0: 2, 1: 0}
    assert "broken.json" in broken.with_suffix(".log").read_text()
    process.communicate(timeout=20)


def test_no_order_will_come_from_one_who_was_gone_before_it_began(tmp_path: Path) -> None:
    """Its parent is another by then, so only the end of stdin tells."""
    process = launch(*(plan(tmp_path / name, [LONG]) for name in "ab"))
    assert process.stdin
    process.stdin.close()

    assert [line.get("ready") for line in said(process, 2)] == [True, True]
    assert {line["code"] for line in said(process, 2)} == {-signal.SIGTERM}
    assert process.wait(20) == 0


def test_sigterm_runs_every_rollback(tmp_path: Path) -> None:
    folders, process = two_under_way(tmp_path)

    process.send_signal(signal.SIGTERM)

    assert {line["code"] for line in said(process, 2)} == {143}
    assert all((folder / "marked").exists() for folder in folders)
    assert all([event["name"] for event in steps(folder)][-1] == "mark" for folder in folders)
    process.communicate(timeout=20)


def test_sigkill_to_the_runner_leaves_no_experiment(tmp_path: Path) -> None:
    folders, process = two_under_way(tmp_path)

    process.kill()
    process.communicate()

    until(lambda: all((folder / "marked").exists() for folder in folders))
    until(lambda: not _group(process.pid))


def test_sigkill_before_the_start_leaves_no_experiment(tmp_path: Path) -> None:
    process = launch(plan(tmp_path / "a", [LONG]), plan(tmp_path / "b", [LONG]))
    said(process, 2)

    process.kill()
    process.communicate()

    until(lambda: not _group(process.pid))


def _group(leader: int) -> list[int]:
    """Processes that are left in the session of `leader`."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def test_a_second_line_ends_all_waits_and_what_follows_is_done(tmp_path: Path) -> None:
    folder = tmp_path / "waits"
    process = launch(plan(folder, [LONG, marks(folder)]))
    said(process, 1)
    assert process.stdin
    process.stdin.write(json.dumps({"start_at": time.time()}) + '\n{"answered": true}\n')
    process.stdin.flush()  # both at once, as a machine that was busy for long hears them

    assert said(process, 1)[0]["code"] == 0 and (folder / "marked").exists()
