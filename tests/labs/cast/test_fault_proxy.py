"""The fault proxy as a real process: every toxic by an existing Toxiproxy client, over real sockets."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from chaostoxi.proxy import actions as proxies
from chaostoxi.toxic import actions as toxics

from tests.labs.cast.fault_proxy_helpers import (
    MAIN,
    FaultProxy,
    Upstream,
    command,
    connect,
    count,
    echo,
    fault_proxy,
    read_all,
    read_exactly,
    upstream,
)
from tests.waiting import eventually

MB = 1_000_000


@pytest.fixture(scope="module")
def running() -> Iterator[FaultProxy]:
    with fault_proxy(SEED="7") as proxy:
        yield proxy


@pytest.fixture(scope="module")
def echoing() -> Iterator[Upstream]:
    with upstream(echo) as server:
        yield server


@pytest.fixture
def port(running: FaultProxy, echoing: Upstream) -> Iterator[int]:
    """A proxy named `p` before an echo."""
    yield running.make("p", echoing.address)
    running.api("DELETE", "/proxies/p")


def toxic(running: FaultProxy, kind: str, stream: str = "downstream", **attributes: int) -> str:
    """Add a toxic with Chaos Toolkit's Toxiproxy client; its name."""
    name = f"{kind}_{stream}"
    assert toxics.create_toxic("p", name, kind, stream, 1.0, attributes, configuration={"toxiproxy_url": running.url})
    return name


def lift(running: FaultProxy, name: str) -> None:
    assert toxics.delete_toxic("p", name, configuration={"toxiproxy_url": running.url})


def ask(sock: socket.socket, text: bytes = b"hello") -> float:
    """Seconds until the echo of a text is here."""
    since = time.monotonic()
    sock.sendall(text)
    assert read_exactly(sock, len(text)) == text
    return time.monotonic() - since


# Without a toxic


def test_bytes_pass_unchanged_and_are_counted(running, port):
    before = running.ledger("p")
    payload = os.urandom(3 * MB)

    with connect(port) as sock:
        threading.Thread(target=sock.sendall, args=(payload,)).start()
        assert read_exactly(sock, len(payload)) == payload
    after = eventually(lambda: (now := running.ledger("p"))["open"] == 0 and now)

    assert after["accepted"] - before["accepted"] == after["closed"] - before["closed"] == 1
    for stream in ("upstream", "downstream"):
        assert after[stream]["received"] - before[stream]["received"] == len(payload)
        assert after[stream]["sent"] - before[stream]["sent"] == len(payload)


def test_a_half_closed_connection_still_gets_its_answer(running):
    with upstream(count) as server, connect(running.make("half", server.address)) as sock:
        sock.sendall(b"x" * 1000)
        sock.shutdown(socket.SHUT_WR)

        assert read_all(sock) == b"1000"


def test_a_receiver_that_does_not_read_holds_the_sender(running):
    release = threading.Event()

    def idle(connection: socket.socket) -> None:
        release.wait(20)

    with upstream(idle) as server, connect(running.make("stuck", server.address)) as sock:
        sock.settimeout(1.0)
        with pytest.raises(TimeoutError):
            sock.sendall(b"x" * (200 * MB))
        held = running.ledger("stuck")["upstream"]
        release.set()

    assert held["received"] - held["sent"] < MB


def test_an_upstream_that_is_not_there_ends_the_client(running):
    port = running.make("nobody", "127.0.0.1:1")

    with connect(port) as sock:
        assert sock.recv(1) == b""

    assert eventually(lambda: running.ledger("nobody")["closed"] == 1)
    assert running.ledger("nobody")["unreachable"] == 1


def test_a_reset_of_one_side_ends_the_other(running):
    over = threading.Event()

    def wait(connection: socket.socket) -> None:
        try:
            connection.recv(1)
        finally:
            over.set()

    with upstream(wait) as server:
        sock = connect(running.make("rude", server.address))
        eventually(lambda: server.served)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        sock.close()

        assert over.wait(20)


# Toxics


@pytest.mark.parametrize("stream", ["upstream", "downstream"])
def test_latency(running, port, stream):
    with connect(port) as sock:
        quick = min(ask(sock) for _ in range(5))
        name = toxic(running, "latency", stream, latency=200, jitter=0)
        slow = [ask(sock) for _ in range(3)]
        lift(running, name)
        quick_again = min(ask(sock) for _ in range(5))

    assert min(slow) >= 0.2
    assert max(quick, quick_again) < 0.2
    entry = running.acts("p", name)
    assert (entry["connections"], entry["bytes"]) == (1, 15)
    assert entry["added"] <= entry["first"] < entry["last"] <= entry["removed"]


def test_latency_does_not_limit_the_rate(running, port):
    toxic(running, "latency", latency=300, jitter=0)
    payload = os.urandom(2 * MB)

    with connect(port) as sock:
        since = time.monotonic()
        threading.Thread(target=sock.sendall, args=(payload,)).start()
        assert read_exactly(sock, len(payload)) == payload

    chunks = 2 * MB / (1 << 16)
    assert 0.3 <= time.monotonic() - since < 0.3 * chunks / 2


def test_two_latencies_add_up(running, port):
    toxic(running, "latency", "upstream", latency=100)
    assert toxics.create_toxic(
        "p", "more", "latency", "upstream", 1.0, {"latency": 150}, {"toxiproxy_url": running.url}
    )

    with connect(port) as sock:
        assert ask(sock) >= 0.25


def test_what_many_connections_have_delayed_does_not_fill_the_memory(running, port):
    toxic(running, "latency", "upstream", latency=60_000)
    before = psutil.Process(running.process.pid).memory_info().rss
    senders = [connect(port) for _ in range(40)]
    try:
        for sender in senders:
            sender.settimeout(0.2)
            with contextlib.suppress(TimeoutError):
                sender.sendall(b"x" * (4 * MB))
        assert psutil.Process(running.process.pid).memory_info().rss - before < 60 * MB
    finally:
        for sender in senders:
            sender.close()
    toxics.delete_toxic("p", "latency_upstream", configuration={"toxiproxy_url": running.url})
    with connect(port) as client:
        client.sendall(b"still here")
        assert read_exactly(client, 10) == b"still here"
    eventually(lambda: running.ledger("p")["open"] == 0)


def test_jitter_spreads_the_delay(running, port):
    toxic(running, "latency", latency=200, jitter=200)

    with connect(port) as sock:
        delays = [ask(sock) for _ in range(8)]

    assert max(delays) - min(delays) >= 0.05
    assert max(delays) >= 0.2


def test_timeout_drops_and_closes(running, port):
    with connect(port) as sock:
        since = time.monotonic()
        name = toxic(running, "timeout", timeout=250)
        sock.sendall(b"lost")
        assert sock.recv(10) == b""

    assert time.monotonic() - since >= 0.25
    entry = running.acts("p", name)
    assert (entry["connections"], entry["bytes"]) == (1, 4)


def test_timeout_of_zero_lasts_until_it_is_removed(running, port):
    with connect(port) as sock:
        name = toxic(running, "timeout", timeout=0)
        sock.sendall(b"lost")
        sock.settimeout(0.4)
        with pytest.raises(TimeoutError):
            sock.recv(10)
        lift(running, name)
        sock.settimeout(20)
        assert sock.recv(10) == b""
    with connect(port) as sock:
        ask(sock)


@pytest.mark.parametrize(("stream", "reaches"), [("upstream", 0), ("downstream", 4)])
def test_reset_peer(running, port, stream, reaches):
    before = running.ledger("p")["upstream"]["sent"]
    with connect(port) as sock:
        ask(sock, b"live")
        name = toxic(running, "reset_peer", stream, timeout=100)
        since = time.monotonic()
        sock.sendall(b"gone")
        with pytest.raises(ConnectionResetError):
            sock.recv(10)

    assert time.monotonic() - since >= 0.1
    assert running.ledger("p")["upstream"]["sent"] - before == 4 + reaches
    entry = running.acts("p", name)
    assert (entry["connections"], entry["bytes"]) == (1, 4)


def test_bandwidth(running, port):
    with connect(port) as sock:
        name = toxic(running, "bandwidth", rate=100)
        slow = ask(sock, b"x" * 50_000)
        lift(running, name)
        quick = ask(sock, b"x" * 50_000)

    assert slow >= 0.5
    assert quick < slow / 2
    assert running.acts("p", name)["bytes"] == 50_000


def test_removing_a_bandwidth_lets_go_what_it_held(running, port):
    with connect(port) as sock:
        name = toxic(running, "bandwidth", rate=1)
        sock.sendall(b"x" * 200_000)
        assert len(read_exactly(sock, 200)) == 200
        lift(running, name)
        assert len(read_exactly(sock, 199_800)) == 199_800


def test_slow_close(running):
    with upstream(lambda connection: connection.sendall(b"bye")) as server:
        running.make("closing", server.address)
        running.api("POST", "/proxies/closing/toxics", {"type": "slow_close", "attributes": {"delay": 300}})
        with connect(int(running.api("GET", "/proxies/closing").json()["listen"].rpartition(":")[2])) as sock:
            assert read_exactly(sock, 3) == b"bye"
            since = time.monotonic()
            assert sock.recv(1) == b""

    assert time.monotonic() - since >= 0.29
    assert running.acts("closing", "slow_close_downstream")["connections"] == 1


def test_slicer(running, port):
    name = toxic(running, "slicer", average_size=100, size_variation=20, delay=2000)
    sizes = []
    with connect(port) as sock:
        since = time.monotonic()
        sock.sendall(b"x" * 2000)
        while sum(sizes) < 2000:
            sizes.append(len(sock.recv(1 << 16)))

    assert time.monotonic() - since >= 0.03
    assert len(sizes) >= 8
    assert running.acts("p", name)["bytes"] == 2000


def test_limit_data(running, port):
    name = toxic(running, "limit_data", bytes=100)
    with connect(port) as sock:
        sock.sendall(b"x" * 250)
        assert read_all(sock) == b"x" * 100

    assert running.acts("p", name)["bytes"] == 150


def test_toxicity_is_a_share_of_connections_and_drawn_alike(running, echoing):
    def hit(name: str) -> list[bool]:
        port = running.make(name, echoing.address)
        body = {"type": "limit_data", "toxicity": 0.5, "attributes": {"bytes": 0}}
        assert running.api("POST", f"/proxies/{name}/toxics", body).status_code == 200
        found = []
        for _ in range(40):
            with connect(port) as sock:
                sock.sendall(b"x")
                found.append(sock.recv(1) == b"")
        running.api("DELETE", f"/proxies/{name}")
        return found

    first, again, other = hit("share"), hit("share"), hit("share-of-another")

    assert first == again != other
    assert 8 <= sum(first) <= 32
    assert running.ledger("share")["toxics"][0]["connections"] == sum(first)


def test_a_disabled_proxy_refuses_and_cuts(running, port):
    configuration = {"toxiproxy_url": running.url}
    with connect(port) as sock:
        ask(sock)
        assert proxies.disable_proxy("p", configuration)
        assert sock.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        connect(port)
    assert proxies.enable_proxy("p", configuration)
    with connect(port) as sock:
        ask(sock)

    down = running.ledger("p")["down"][-1]
    assert down["cut"] == 1
    assert down["since"] < down["until"]


def test_an_update_acts_on_live_connections(running, port):
    with connect(port) as sock:
        name = toxic(running, "latency", latency=60_000)
        sock.sendall(b"wait")
        changed = running.api("PATCH", f"/proxies/p/toxics/{name}", {"attributes": {"latency": 100}})
        assert read_exactly(sock, 4) == b"wait"
        assert ask(sock) >= 0.1

    assert changed.json()["attributes"] == {"latency": 100, "jitter": 0}


def test_reset_ends_toxics_and_enables(running, port):
    toxic(running, "timeout")
    running.api("POST", "/proxies/p", {"enabled": False})

    assert proxies.reset({"toxiproxy_url": running.url})

    assert running.api("GET", "/proxies/p").json()["toxics"] == []
    with connect(port) as sock:
        ask(sock)


# Nothing is left behind


def test_no_socket_is_left_after_many_connections(running, port):
    process = psutil.Process(running.process.pid)
    with connect(port) as sock:
        ask(sock)
    eventually(lambda: running.ledger("p")["open"] == 0)
    before, threads = process.num_fds(), process.num_threads()
    kinds = ["latency", "timeout", "reset_peer", "limit_data", "bandwidth", "slow_close"]
    needed = {"latency": {"latency": 5}, "timeout": {"timeout": 5}, "bandwidth": {"rate": 500}}

    for kind in kinds:
        name = toxic(running, kind, **needed.get(kind, {}))
        socks = [connect(port) for _ in range(20)]
        for sock in socks:
            sock.sendall(b"hello")
        for sock in socks:
            sock.close()
        eventually(lambda: running.ledger("p")["open"] == 0)
        lift(running, name)

    assert eventually(lambda: process.num_fds() <= before + 1)
    assert process.num_threads() <= threads + 1


def test_no_task_is_left_after_every_toxic():
    script = Path(__file__).with_name("fault_proxy_tasks.py")

    done = subprocess.run([command()[0], str(script), str(MAIN.parent)], capture_output=True, text=True, timeout=60)

    assert (done.stdout, done.stderr, done.returncode) == ("0\n", "", 0)


def test_a_proxy_that_is_removed_cuts_its_connections(running, port):
    with connect(port) as sock:
        ask(sock)
        proxies.delete_proxy("p", {"toxiproxy_url": running.url})
        assert sock.recv(1) == b""

    assert running.ledger("p")["open"] == 0
    assert running.process.poll() is None
