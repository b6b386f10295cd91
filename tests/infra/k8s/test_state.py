"""Records of what runs in a cluster."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from infra.common import ports
from infra.common.owner import NOBODY
from infra.errors import SystemRefused
from infra.k8s import keeper, state
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


def test_a_record_is_led_to_from_other_ports() -> None:
    moved = record(Port("post-0", 15900, 20009)).led_from([1, 2, 3, 4])
    (part,) = moved.parts
    assert part.courier is not None and moved.agent is not None
    assert [port.outside for port in (*part.published, part.control, part.courier, moved.agent)] == [1, 2, 3, 4]
    assert [port.inside for port in moved.forwards] == [8080, 15900, 15998, 15900]
    assert moved.led_from([20001, 20002, 20003, 20009]) == record(Port("post-0", 15900, 20009))


def test_as_many_ports_as_lead_there_are_needed() -> None:
    with pytest.raises(ValueError):
        record().led_from([1, 2])


def test_a_keeper_is_ended_and_another_can_begin() -> None:
    free = ports.free_ports(3, ())
    kept = replace(record(), owner=NOBODY, started=True).led_from(free)
    state.claim("toy")
    state.write(kept)
    for _ in range(2):
        keeper.ensure(kept)
        assert keeper.running() and not any(map(ports.is_free, free))
        keeper.end()
        assert not keeper.running() and all(map(ports.is_free, free))


def test_no_keeper_is_as_good_as_one_that_ended() -> None:
    keeper.end()
    state.claim("toy")
    keeper.end()
    (state.root() / keeper.LOCK).write_text("1:0.00")  # of one that is gone, its id taken by another process
    keeper.end()
