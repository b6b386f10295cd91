"""Activities against a stub deployment and a real socket."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import pytest

from grader import faults
from grader.errors import BadInput
from infra.errors import PlatformBroken, ServiceFailed
from tests.grader.chaos.chaos_helpers import Sealed


class Stub:
    """Writes down what is done to it, or raises."""

    def __init__(self, error: Exception | None = None) -> None:
        self.done: list[tuple[Any, ...]] = []
        self.error = error

    def __getattr__(self, name: str) -> Any:
        def act(*arguments: Any) -> None:
            if self.error:
                raise self.error
            self.done.append((name, *arguments))

        return act


def use(stub: Any = None, address: str = "") -> faults.Context:
    context = faults.Context(lambda: stub, {"model:9000": address}, "secret")
    faults.use(context)
    return context


def test_what_is_done_to_services_reaches_the_deployment() -> None:
    stub = Stub()
    use(stub)

    for func in (faults.kill_service, faults.start_service, faults.restart_service):
        func("a")
    faults.pause_service("a")
    faults.resume_service("a")
    faults.scale_service("a", "3")  # type: ignore[arg-type]  # a substituted ${n} can be text

    assert stub.done == [
        ("kill", "a"),
        ("start", "a"),
        ("restart", "a"),
        ("pause", "a"),
        ("resume", "a"),
        ("scale", "a", 3),
    ]


def test_a_broken_platform_is_remembered_and_a_failed_service_is_not() -> None:
    context = use(Stub(ServiceFailed("a", 1, "")))
    with pytest.raises(ServiceFailed):
        faults.kill_service("a")
    assert context.broken == ""

    context = use(Stub(PlatformBroken("no daemon")))
    with pytest.raises(PlatformBroken):
        faults.kill_service("a")
    assert context.broken == "no daemon"


def test_control_carries_the_token_and_read_reads(sealed: Sealed) -> None:
    use(address=sealed.address)

    assert faults.control("model", 9000, "/mode", {"mode": "odd"}) == {"mode": "odd"}
    assert faults.read("model", 9000, "/") == {"mode": "odd"}


def test_a_refusing_service_fails_control_but_not_call(sealed: Sealed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    use(address=address)

    with pytest.raises(faults.FaultFailed, match="refused"):
        faults.control("model", 9000, "/mode", {})
    assert faults.call("http://model:9000/")["status"] == 0
    assert faults.answers("http://model:9000/") is False
    assert faults.error_ratio("http://model:9000/", n=2) == 1.0


@pytest.mark.parametrize(("mode", "errors", "slow"), [("ok", 0.0, 0.0), ("error", 1.0, 0.0), ("slow", 0.0, 1.0)])
def test_ratios(sealed: Sealed, mode: str, errors: float, slow: float) -> None:
    sealed.mode = mode
    use(address=sealed.address)

    assert faults.error_ratio("http://model:9000/", n=4, timeout_s=5) == errors
    assert faults.slow_ratio("http://model:9000/", n=4, over_s=0.35) == slow


def test_an_answer_that_trickles_in_is_ended_in_time() -> None:
    def trickle() -> None:
        connection, _ = listener.accept()
        try:
            while True:
                connection.sendall(b"H")
                time.sleep(0.05)
        except OSError:
            connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=trickle, daemon=True).start()
        use(address=f"127.0.0.1:{listener.getsockname()[1]}")
        begin = time.monotonic()
        got = faults.call("http://model:9000/", timeout_s=0.5)

    assert got["status"] == 0
    assert time.monotonic() - begin < 3


def test_a_name_without_an_address_is_the_scenarios_mistake() -> None:
    use(address="127.0.0.1:1")

    with pytest.raises(BadInput, match="no address is known for mdoel:9000"):
        faults.call("http://mdoel:9000/")


def test_at_waits_for_trial_time_unless_there_is_a_hurry() -> None:
    context = use()
    context.now = lambda: 99.0
    faults.at(5)
    context.hurry.set()
    context.now = lambda: 0.0
    faults.at(500)
