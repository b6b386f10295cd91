"""`lab verify` with its ledger, by real exams of the tiny lab on local processes."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from grader.course import catalog
from grader.proof import ledger
from infra import own
from tests.grader.course import Course


@pytest.fixture
def folder(desk: Course) -> Path:
    return desk.root / "scenarios" / "desk"


def verify(desk: Course, *arguments: str) -> tuple[int, str]:
    done = desk.lab("verify", "desk", *arguments, timeout_s=240)
    return done.returncode, done.stdout + done.stderr


def status(desk: Course) -> dict[tuple[str, str], str]:
    done = desk.lab("verify", "desk", "--status", "--json", "-")
    return {(row["runtime"], row["control"]): row["state"] for row in json.loads(done.stdout)}


def forge(folder: Path, control: str, **changes: object) -> None:
    """Change an entry as somebody would who knows how a seal is made."""
    ledger.enter(folder, replace(ledger.read(folder)["process", control], **changes))  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_change_is_examined_and_nothing_else(desk: Course, folder: Path) -> None:
    only = ("--control", "reference", "--control", "shipped")
    assert verify(desk, *only)[0] == 0
    assert status(desk)["process", "reference"] == "held"
    first = ledger.read(folder)

    code, said = verify(desk, "--changed", *only)
    assert code == 0 and "Every row is held." in said
    assert ledger.read(folder) == first

    control = folder / "controls" / "reference" / "control.yaml"
    control.write_text(control.read_text().replace("kind: reference", "kind: alternative"))
    assert status(desk)["process", "reference"] == "stale"
    code, said = verify(desk, "--changed", *only)
    assert code == 0 and "All 1 controls hold" in said, said
    second = ledger.read(folder)
    assert second["process", "shipped"] == first["process", "shipped"]
    assert second["process", "reference"].submission != first["process", "reference"].submission


@pytest.mark.slow
def test_a_close_control_is_refused(desk: Course, folder: Path) -> None:
    """Six requests, all of them answered as promised, cannot prove 95 %."""
    path = folder / "scenario.yaml"
    few = {"timeline": [{"phase": "few", "seconds": 1.0, "rate": 6}], "rounds": 1, "more": {"rounds": 0}}
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **few}))

    code, said = verify(desk, "--control", "reference")

    assert code == 1 and "a close call: " in " ".join(said.split()), said
    assert status(desk)["process", "reference"] == "broken"


@pytest.mark.slow
def test_a_forged_row_is_found_by_the_sample(desk: Course, folder: Path) -> None:
    verify(desk, "--control", "shipped")
    lab = folder.parents[1] / "labs" / "desk"
    (lab / "desk" / "routing.py").write_text(desk.routing("reference"))
    for name in ("reference", "fake-swallow"):  # patches of what the lab was
        shutil.rmtree(folder / "controls" / name)
    mended = catalog.find_scenario(catalog.find_lab("desk"))
    from grader.proof.digests import lab_digest

    forge(folder, "shipped", lab=lab_digest(mended))
    assert status(desk)["process", "shipped"] == "held", "the forger says that the mended lab still fails"

    code, said = verify(desk, "--sample", "0.01", "--control", "shipped")

    assert code == 1, said
    assert "1 are not what the ledger says: process/desk/shipped: the ledger says fail" in said, said
    assert status(desk)["process", "shipped"] == "broken"


def test_no_row_is_begun_when_the_time_is_up(desk: Course, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWNOUT_PROOF_UNTIL", str(time.time()))

    code, said = verify(desk, "--changed", "--keys")

    assert code == 0 and "3 were not examined: no time was left" in said
    assert not ledger.read(folder)


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_examined_and_goes_on_there(desk: Course, folder: Path) -> None:
    command = [*own.command("grader.cli"), "verify", "desk", "--changed"]
    with subprocess.Popen(command, env=desk.environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        first = process.stdout.readline().split()[0].removeprefix("desk/")  # its row is shown once it is kept
        process.send_signal(signal.SIGINT)
        process.wait(60)
    assert process.returncode == 130
    assert [control for _, control in ledger.read(folder)] == [first]

    before = ledger.read(folder)["process", first]
    assert verify(desk, "--changed")[0] == 0
    assert ledger.read(folder)["process", first] == before
    assert set(state for (runtime, _), state in status(desk).items() if runtime == "process") == {"held"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--changed", "--sample", "1"), "say one"),
        (("--sample", "0"), "more than 0"),
        (("--json", "-"), "needs a file"),
        (("--status", "--json", "/nowhere/rows.json"), "cannot be written"),
    ],
)
def test_bad_usage_is_refused(desk: Course, arguments: tuple[str, ...], says: str) -> None:
    code, said = verify(desk, *arguments)

    assert code == 2 and says in said


def test_a_bad_moment_is_refused(desk: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWNOUT_PROOF_UNTIL", "soon")

    code, said = verify(desk, "--changed")

    assert code == 2 and "seconds since 1970" in said


def test_a_damaged_ledger_is_refused_whole(desk: Course, folder: Path) -> None:
    ledger.path_of(folder).write_text("{}\n")

    for arguments in (("--status",), ("--changed",), ("--control", "reference")):
        code, said = verify(desk, *arguments)
        assert code == 2 and "ledger.jsonl:1: is no entry" in said
