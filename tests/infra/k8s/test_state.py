"""Records of what runs in a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.errors import SystemRefused
from infra.k8s import state
from infra.k8s.state import Part, Port, Record


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWNOUT_HOME", str(tmp_path))


def record(agent: Port | None = None) -> Record:
    part = Part(
        name="shop",
        published=(Port("p-shop-0", 8080, 20001),),
        ready="http://shop:8080/healthz",
        depends_on=("front",),
        networks=("edge",),
        ports=(8080,),
        control=Port("p-shop-0", 15900, 20002),
        token="t",
        courier=Port("p-shop-0", 15998, 20003),
        mounts=(("shop/0", "/code"),),
    )
    return Record("toy", "abc", "lab", "lab-toy-abc", "1:0.00", "1:0.00", parts=(part,), agent=agent)


@pytest.mark.parametrize("agent", [None, Port("post-0", 15900, 20009)])
def test_a_record_comes_back_as_it_was(agent: Port | None) -> None:
    state.claim("toy")
    state.write(record(agent))
    assert state.read("toy") == record(agent)
    assert state.reserved_ports() == {20001, 20002, 20003} | ({20009} if agent else set())


def test_only_the_owner_may_look_inside() -> None:
    state.claim("toy")
    state.write(record())
    assert (state.folder("toy") / state.FILE).stat().st_mode & 0o077 == 0


def test_a_name_can_be_claimed_once() -> None:
    state.claim("toy")
    with pytest.raises(SystemRefused, match="toy"):
        state.claim("toy")


def test_what_is_forgotten_is_gone() -> None:
    state.claim("toy")
    state.write(record())
    state.forget("toy")
    assert state.read("toy") is None and list(state.records()) == []


def test_parts_are_replaced_by_name() -> None:
    changed = record().with_parts({"shop": {"birth": "b"}, "nobody": {"birth": "c"}})
    assert [part.birth for part in changed.parts] == ["b"]
