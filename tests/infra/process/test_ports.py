"""Ports that are chosen, and what a lost one looks like."""

from __future__ import annotations

import socket

import pytest

from infra.process import ports


def test_chosen_ports_are_distinct_free_and_not_taken() -> None:
    first = ports.choose(20, taken=())
    second = ports.choose(20, taken=set(first))
    assert len({*first, *second}) == 40
    assert all(ports.is_free(port) for port in second)


def test_a_name_has_the_same_ports_each_time_where_they_are_free() -> None:
    first = ports.choose(3, (), "lab-desk-1a2b")
    with socket.create_server(("127.0.0.1", first[1])) as server:
        client = socket.create_connection(server.getsockname())
        held = ports.choose(3, (), "lab-desk-1a2b")
        accepted, _ = server.accept()
    accepted.close()  # and so the port lingers
    client.close()

    assert held[0] == first[0] and first[1] not in held
    assert ports.choose(3, (), "lab-desk-1a2b") == first
    assert ports.choose(3, (), "lab-toll-1a2b") != first


def test_a_port_that_is_listened_on_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert ports.is_taken(port)
        assert not ports.is_free(port)
    assert not ports.is_taken(port)


@pytest.mark.parametrize(
    "tail",
    [
        "OSError: [Errno 98] Address already in use",
        "[Errno 98] error while attempting to bind on address ('127.0.0.1', 20001): address already in use",
        "OSError: [Errno 48] Address already in use",
        "Error: listen EADDRINUSE: 127.0.0.1:20001",
    ],
)
def test_last_words_of_a_lost_port(tail: str) -> None:
    assert ports.lost(tail)


@pytest.mark.parametrize(
    "tail", ["", "OSError: [Errno 111] Connection refused", "error 98 of 100", "name already in use"]
)
def test_last_words_of_another_death(tail: str) -> None:
    assert not ports.lost(tail)
