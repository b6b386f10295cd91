"""A line to a pod outlives a way that breaks a few times, and says so when it stays broken."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from infra.errors import PlatformBroken
from infra.k8s.line import AGAIN_AFTER_S, Line


@contextmanager
def hangs_up(times: int) -> Iterator[tuple[str, int]]:
    """Answers only after so many connections that it ends at once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for number in range(times + 1):
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, connection.makefile("rwb") as lines:
                    if number == times and lines.readline():
                        lines.write(b'{"ok": 7}\n')

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()


@pytest.mark.parametrize("times", [0, 1, 3, len(AGAIN_AFTER_S)])
def test_a_way_that_breaks_is_made_again(times: int) -> None:
    with hangs_up(times) as (host, port):
        line = Line(host, port, "token", "the supervisor")
        assert line.ask("status") == 7
        line.close()


def test_a_way_that_stays_broken_is_trouble_of_the_platform() -> None:
    with hangs_up(99) as (host, port), pytest.raises(PlatformBroken, match="the supervisor does not answer"):
        Line(host, port, "token", "the supervisor").ask("status")


def test_who_is_silent_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.k8s.line.TIMEOUT_S", 0.3)
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listener:
        with pytest.raises(PlatformBroken, match="timed out"):
            Line(*listener.getsockname(), "token", "the supervisor").ask("status")
        listener.settimeout(0.2)
        asked = 0
        with pytest.raises(TimeoutError):
            while True:
                listener.accept()[0].close()
                asked += 1

    assert asked == 2
