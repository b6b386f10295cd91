"""What `lab doctor` says of the machine's speed, and of what lies in its temporary folder."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

import pytest

from grader import metronome
from grader.cli.doctor import doctor


@pytest.mark.parametrize(("room", "state"), [(1.2, "note"), (1.75, "ok")])
def test_a_slow_machine_is_told_before_an_exam(
    room: float, state: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("labs", "scenarios"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("BROWNOUT_COURSE", str(tmp_path))
    monkeypatch.setenv("BROWNOUT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(metronome, "sound", lambda count: room)

    with contextlib.suppress(SystemExit):
        doctor(clear=False)

    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("speed")]
    assert line.split()[1] == state
    assert f"worth {room:.1f}" in line


def test_old_folders_of_ours_are_cleared_and_files_are_somebody_elses(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("labs", "scenarios", "brownout-old", "brownout-new"):
        (tmp_path / name).mkdir()
    (tmp_path / "brownout-a.log").touch()
    for name in ("brownout-old", "brownout-a.log"):
        os.utime(tmp_path / name, (time.time() - 7 * 3600,) * 2)
    monkeypatch.setenv("BROWNOUT_COURSE", str(tmp_path))
    monkeypatch.setenv("BROWNOUT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(metronome, "sound", lambda count: 2.0)

    for _ in range(2):
        with contextlib.suppress(SystemExit):
            doctor(clear=True)

    assert sorted(path.name for path in tmp_path.glob("brownout-*")) == ["brownout-a.log", "brownout-new"]
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("folder")]
    assert len(told) == 1 and "brownout-old" in told[0].replace(" ", "")
