"""`python -m infra.k8s.keeper`: one background process a home, which keeps what outlives a command.

It listens on the loopback ports of every record and carries connections into the cluster through the API server's
port-forward, and it removes what belongs to a process that is gone. It ends when there is nothing left to keep.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress

from infra import own
from infra.common import owner
from infra.common.ports import is_free
from infra.errors import InfraError, PlatformBroken
from infra.k8s import state
from infra.k8s.state import Port, Record

LOOK_S = 0.15
IDLE_S = 20.0
WAIT_S = 20.0
AGAIN_AFTER_S = 8.0
BLOCK = 1 << 16
LOCK, LOG = "keeper.lock", "keeper.log"


def ensure(record: Record) -> None:
    """Have a keeper that listens on all ports of a record.

    Raises:
        PlatformBroken: none could be started.
    """
    give_up = time.monotonic() + WAIT_S
    while not all(_held(port) for port in record.forwards):
        if not running():
            _launch()
        if time.monotonic() > give_up:
            raise PlatformBroken(f"nobody listens on the ports of {record.name}: see {state.root() / LOG}")
        time.sleep(0.02)


def running() -> bool:
    """Whether a keeper of this home runs."""
    with (state.root() / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def end() -> None:
    """End this home's keeper, if one runs: it speaks to the cluster as the kubeconfig said when it began.

    Raises:
        PlatformBroken: it does not end.
    """
    give_up = time.monotonic() + WAIT_S
    while state.root().is_dir() and running():
        who = (state.root() / LOCK).read_text("ascii").strip()
        if owner.alive(who):
            with suppress(ProcessLookupError):
                os.kill(int(who.partition(":")[0]), signal.SIGTERM)
        if time.monotonic() > give_up:
            raise PlatformBroken(f"the keeper of the ports does not end: see {state.root() / LOG}")
        time.sleep(0.05)


def _held(port: Port) -> bool:
    return not is_free(port.outside)


def _launch() -> None:
    with (state.root() / LOG).open("wb") as log:
        subprocess.Popen(
            own.command("infra.k8s.keeper"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            cwd="/",
            env=own.environment(),
            start_new_session=True,
        )
    time.sleep(0.1)


class Keeper:
    """Holds listeners for the records there are, and sweeps."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[socket.socket]] = {}
        self._swept: set[str] = set()
        self._needed = time.monotonic()

    def run(self) -> None:
        """Look again and again until nothing was there for `IDLE_S` seconds."""
        while time.monotonic() - self._needed < IDLE_S:
            records = {record.id: record for record in state.records()}
            if records:
                self._needed = time.monotonic()
            for gone in self._listeners.keys() - records.keys():
                _close(self._listeners.pop(gone))
            for new in records.keys() - self._listeners.keys():
                self._listeners[new] = _listen(records[new])
            for record in records.values():
                self._sweep(record)
            time.sleep(LOOK_S)

    def _sweep(self, record: Record) -> None:
        """Remove what belongs to a process that is gone; and a half-made one whose maker is."""
        who = record.starter if record.owner == owner.NOBODY and not record.started else record.owner
        if who == owner.NOBODY or record.id in self._swept or owner.alive(who):
            return
        self._swept.add(record.id)
        threading.Thread(target=self._clear, args=(record,), daemon=True).start()

    def _clear(self, record: Record) -> None:
        try:
            remove_twice(record)
        except InfraError as error:
            print(error, file=sys.stderr, flush=True)
            time.sleep(1.0)
            self._swept.discard(record.id)


def remove_twice(record: Record) -> None:
    """Remove a deployment whose maker is gone, and later its namespace once more: what the maker had just asked for, a
    busy cluster makes seconds after.

    Raises:
        PlatformBroken: the cluster is away or refused.
    """
    from infra.k8s.sweep import remove, remove_namespace

    remove(record)
    time.sleep(AGAIN_AFTER_S)
    remove_namespace(record.context, record.namespace, wait=False)


def _listen(record: Record) -> list[socket.socket]:
    """Listeners on the record's ports; one that cannot be had is missed by whoever asks for it."""
    found = []
    for port in record.forwards:
        with suppress(OSError):
            listener = socket.create_server(("127.0.0.1", port.outside), backlog=128)
            found.append(listener)
            threading.Thread(target=_accept, args=(listener, record, port), daemon=True).start()
    return found


def _close(listeners: list[socket.socket]) -> None:
    for listener in listeners:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _accept(listener: socket.socket, record: Record, port: Port) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_carry, args=(connection, record, port), daemon=True).start()


def _carry(connection: socket.socket, record: Record, port: Port) -> None:
    """One connection, both ways, until either side ends it."""
    from infra.k8s.forward import open_forward

    with connection:
        try:
            far = open_forward(record, port)
        except InfraError as error:
            print(error, file=sys.stderr, flush=True)
            return
        with far:
            back = threading.Thread(target=_pour, args=(far, connection), daemon=True)
            back.start()
            _pour(connection, far)
            back.join()


def _pour(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(BLOCK):
            target.sendall(data)
    except OSError:
        pass
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def main() -> int:
    """Exit code 0; another keeper that runs already is none's fault."""
    state.root().mkdir(parents=True, exist_ok=True)
    with (state.root() / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return 0
        file.truncate(0)
        file.write(owner.identity(os.getpid()))
        file.flush()
        Keeper().run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
