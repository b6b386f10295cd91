"""Records of deployments."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.common import owner
from infra.compose import state
from infra.errors import SystemRefused


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BROWNOUT_HOME", str(tmp_path))
    return tmp_path


def record(name: str) -> state.Record:
    part = state.Part("front", {8080: 20001}, "http://front:8080/healthz", ("back",))
    return state.Record(name, "abc", owner.NOBODY, "1:0.00", True, (part,))


def test_a_record_comes_back_as_it_was() -> None:
    state.claim("toy")
    state.write(record("toy"))
    assert state.read("toy") == record("toy")
    assert state.reserved_ports() == {20001}


def test_a_name_can_be_claimed_once() -> None:
    state.claim("toy")
    with pytest.raises(SystemRefused, match="toy"):
        state.claim("toy")


def test_only_the_owner_may_look_inside() -> None:
    assert state.claim("toy").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "toy"}'])
def test_a_record_cut_short_is_no_record(text: str) -> None:
    (state.claim("toy") / state.RECORD).write_text(text)
    assert state.read("toy") is None
    assert list(state.records()) == []


def test_the_folder_of_another_runtime_is_left_alone() -> None:
    folder = state.claim("toy")
    (folder / "plan.json").write_text("{}")
    state.forget("toy")
    assert folder.exists()


def test_this_process_is_alive_and_one_of_another_time_is_not() -> None:
    import os

    who = owner.identity(os.getpid())
    assert owner.alive(who)
    assert not owner.alive(f"{os.getpid()}:1.00")
    assert not owner.alive("none")
