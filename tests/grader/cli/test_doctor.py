"""What `lab doctor` says of the machine's speed."""

from __future__ import annotations

import contextlib
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
