"""The real process: what it writes, how it ends, and that rollbacks always run."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from grader.events import COLUMNS
from tests.grader.chaos.chaos_helpers import Sealed, launch, run, scenario, step, steps

HEALTHY = step("probe", "model answers", "answers", url="http://model:9000/", tolerance=True)
BREAK = step("action", "model errs", "control", service="model", port=9000, path="/mode", payload={"mode": "${fault}"})
SEEN = step("probe", "errors are seen", "error_ratio", url="http://model:9000/", n=4, tolerance=[0.9, 1.0])
MEND = step("action", "model mended", "control", service="model", port=9000, path="/mode", payload={"mode": "ok"})


def exam(kind: str, name: str, func: str, **rest: Any) -> dict[str, Any]:
    return step(kind, name, func, module="exam", **rest)


def test_a_fault_that_acts_is_recorded_and_rolled_back(tmp_path: Path, sealed: Sealed) -> None:
    path = scenario(tmp_path, [step("action", "wait", "at", seconds=0.5), BREAK, SEEN], [HEALTHY], [MEND])

    code, errors, seen = run(tmp_path, path, sealed.address, parameters={"fault": "error"})

    assert (code, errors) == (0, "")
    assert [(e["segment"], e["name"], e["status"], e["answer"], e["value"]) for e in seen] == [
        ("hypothesis", "model answers", 200, "yes", None),
        ("method", "wait", 200, "done", None),
        ("method", "model errs", 200, "done", None),
        ("method", "errors are seen", 200, "yes", 1.0),
        ("rollbacks", "model mended", 200, "done", None),
    ]
    assert all(list(e) == list(COLUMNS) and e["kind"] == "fault" and e["phase"] == "only" for e in seen)
    assert seen[1]["done"] >= 0.5 and seen[2]["due"] >= seen[1]["done"]
    assert sealed.mode == "ok"
    journal = json.loads((tmp_path / "journal.json").read_text())
    assert journal["status"] == "completed" and len(journal["run"]) == 3
    assert "secret" not in json.dumps(journal)


def test_an_unhealthy_sealed_part_ends_with_4_before_any_fault(tmp_path: Path, sealed: Sealed) -> None:
    sealed.mode = "error"
    path = scenario(tmp_path, [BREAK, SEEN], [HEALTHY], [MEND])

    code, errors, seen = run(tmp_path, path, sealed.address, parameters={"fault": "error"})

    assert code == 4
    assert "model answers" in errors and errors.count("\n") == 1
    assert [e["name"] for e in seen] == ["model answers", "model mended"]


def test_a_hypothesis_probe_that_raises_ends_with_4(tmp_path: Path) -> None:
    path = scenario(tmp_path, [], [exam("probe", "lookout", "crash", tolerance=True)])

    code, errors, _ = run(tmp_path, path)

    assert code == 4 and "no such luck" in errors


def test_a_fault_that_nobody_saw_ends_with_5_and_skips_the_rest(tmp_path: Path, sealed: Sealed) -> None:
    later = exam("action", "later", "mark", path=str(tmp_path / "later"))
    path = scenario(tmp_path, [BREAK, SEEN, later], [HEALTHY], [MEND])

    code, errors, seen = run(tmp_path, path, sealed.address, parameters={"fault": "ok"})

    assert code == 5
    assert errors == "a fault did not act: errors are seen: 0.0 is not within [0.9, 1.0]\n"
    assert [(e["name"], e["answer"]) for e in seen[-2:]] == [("errors are seen", "no"), ("model mended", "done")]
    assert not (tmp_path / "later").exists()


def test_an_action_that_fails_ends_with_5_and_rolls_back(tmp_path: Path, sealed: Sealed) -> None:
    mark = exam("action", "rolled back", "mark", path=str(tmp_path / "back"))
    path = scenario(tmp_path, [exam("action", "bad", "crash")], [HEALTHY], [mark])

    code, errors, seen = run(tmp_path, path, sealed.address)

    assert code == 5
    assert errors == "a fault did not act: bad: RuntimeError: no such luck\n"
    assert [(e["name"], e["status"], e["answer"]) for e in seen] == [
        ("model answers", 200, "yes"),
        ("bad", 500, "none"),
        ("rolled back", 200, "done"),
    ]


def test_a_wrong_token_is_a_failed_fault(tmp_path: Path, sealed: Sealed) -> None:
    target = {"runtime": "process", "name": "x", "addresses": {"model:9000": sealed.address}, "token": "guess"}
    path = scenario(tmp_path, [BREAK, SEEN])

    code, errors, _ = run(tmp_path, path, parameters={"fault": "error"}, deployment=target)

    assert code == 5 and "status 401" in errors


def test_a_tolerance_can_be_a_parameter(tmp_path: Path) -> None:
    probe = exam("probe", "ratio", "always", value=0.4, tolerance={"type": "range", "range": ["${low}", 0.5]})
    path = scenario(tmp_path, [probe])

    assert run(tmp_path, path, parameters={"low": 0.3})[0] == 0
    assert run(tmp_path, path, parameters={"low": 0.45})[0] == 5


def test_a_broken_platform_ends_with_6(tmp_path: Path) -> None:
    stub = exam("action", "stub", "stub_runtime", kills=str(tmp_path / "kills"))
    seen = exam("probe", "gone", "always", value=True, tolerance=True)
    kills = [step("action", f"kill {name}", "kill_service", service=name) for name in ("fine", "gone")]
    path = scenario(tmp_path, [stub, *kills, seen])

    code, errors, _ = run(tmp_path, path)

    assert (code, errors) == (6, "the platform broke: the daemon is gone\n")
    assert (tmp_path / "kills").read_text() == "fine"


def test_sigterm_rolls_back_and_waits_for_nothing(tmp_path: Path, sealed: Sealed) -> None:
    waits = [step("action", "wait", "at", seconds=40), exam("action", "next", "sleep", seconds=40)]
    back = [step("action", "settle", "at", seconds=50), MEND]
    path = scenario(tmp_path, [BREAK, SEEN, *waits], [HEALTHY], back)
    process = launch(tmp_path, path, sealed.address, parameters={"fault": "error"})
    _until(lambda: len(steps(tmp_path)) == 3)

    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)  # every wait is of 40 s or more

    assert (process.returncode, errors) == (143, "ended by a signal; rollbacks were run\n")
    assert sealed.mode == "ok"
    assert [e["name"] for e in steps(tmp_path)][-3:] == ["wait", "settle", "model mended"]
    assert (tmp_path / "journal.json").exists()


def test_sigterm_in_a_scenarios_own_step_ends_it_too(tmp_path: Path, sealed: Sealed) -> None:
    path = scenario(tmp_path, [exam("action", "long", "sleep", seconds=40)], [HEALTHY], [MEND])
    process = launch(tmp_path, path, sealed.address)
    _until(lambda: len(steps(tmp_path)) == 1)
    time.sleep(0.2)

    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)

    assert process.returncode == 143
    assert steps(tmp_path)[-1]["name"] == "model mended"


def test_it_rolls_back_when_its_parent_is_killed(tmp_path: Path, sealed: Sealed) -> None:
    path = scenario(tmp_path, [BREAK, SEEN, step("action", "wait", "at", seconds=60)], [HEALTHY], [MEND])
    first = launch(tmp_path, path, sealed.address, parameters={"fault": "error"})
    first.kill()
    first.communicate()
    (tmp_path / "steps.jsonl").unlink(missing_ok=True)
    sealed.mode = "ok"
    order = str(tmp_path / "plan.json")
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-m', 'grader.chaos', {order!r}])"
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _until(lambda: len(steps(tmp_path)) == 3)

    parent.kill()
    parent.communicate()

    _until(lambda: (tmp_path / "journal.json").exists())
    assert sealed.mode == "ok"
    assert steps(tmp_path)[-1]["name"] == "model mended"


def test_it_waits_for_its_start_and_takes_a_deployment_from_stdin(tmp_path: Path, sealed: Sealed) -> None:
    path = scenario(tmp_path, [], [HEALTHY])
    process = launch(tmp_path, path, start_at=None)
    assert process.stdout and json.loads(process.stdout.readline()) == {"ready": True}
    target = {"runtime": "process", "name": "x", "addresses": {"model:9000": sealed.address}}

    _, errors = process.communicate(
        json.dumps({"start_at": time.time() + 0.5, "deployment": target}) + "\n", timeout=20
    )

    assert (process.returncode, errors) == (0, "")
    assert steps(tmp_path)[0]["due"] >= 0


def _until(condition: Any, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not get that far"
        time.sleep(0.02)
