"""Free ports."""

from __future__ import annotations

import socket

import pytest

from infra.common import ports
from infra.errors import PlatformBroken


def test_ports_are_distinct_and_below_those_of_outgoing_connections() -> None:
    found = ports.free_ports(20, ())
    ports.give_back(found)
    assert len(set(found)) == 20 and all(ports.FIRST <= port <= ports.LAST for port in found)


def test_a_name_has_the_same_ports_each_time_where_they_are_free() -> None:
    first = ports.free_ports(3, (), "lab-desk-1a2b")
    ports.give_back(first)
    again = ports.free_ports(3, (first[0],), "lab-desk-1a2b")
    ports.give_back(again)
    third = ports.free_ports(3, (), "lab-desk-1a2b")
    ports.give_back(third)

    assert third == first and again[:2] == first[1:] and again[2] not in first


def test_a_port_in_use_is_not_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert not ports.is_free(taken.getsockname()[1])


def test_reserved_ports_are_left_alone_and_too_few_is_the_machines_fault() -> None:
    everything = range(ports.FIRST, ports.LAST + 1)
    with pytest.raises(PlatformBroken, match="free ports"):
        ports.free_ports(1, everything)


def test_what_was_handed_out_is_not_handed_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "is_free", lambda port: port in (20001, 20002))
    first, second = ports.free_ports(1, ()), ports.free_ports(1, ())
    ports.give_back([*first, *second])
    assert {*first, *second} == {20001, 20002}
