"""`lab logs` of a service that wrote much."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from grader.cli import logs
from grader.practice import rig


@pytest.mark.parametrize("asked", [3, 5000])
def test_as_many_lines_are_printed_as_were_asked_for(
    asked: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written = "".join(f"line {n} of a service that says much\n" for n in range(6000))
    system = SimpleNamespace(services=lambda: ("api",), logs=lambda _, most=65536: written[-most:])
    monkeypatch.setattr(rig, "require", lambda _: system)

    logs.logs("desk", "", False, asked)

    printed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("line ")]
    assert printed == written.splitlines()[-asked:]
