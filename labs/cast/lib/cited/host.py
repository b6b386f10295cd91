"""One process that has imported what judging needs, and forks a child for each document: starting takes no time then.

`Host` is asked in the lab's own process; `serve` is the other side. For each job it is sent a line, the job's folder,
with two pipes for what the child says; it answers with a byte once the child has them.
"""

from __future__ import annotations

import atexit
import gc
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

STARTING_S = 30.0
START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from cited.host import serve; serve()"
LONGEST_S = 120
"""No child lives longer, whatever becomes of who asked for it."""


class Host:
    """The process, begun when it is first asked, and again if it has ended. Threads may ask side by side."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        atexit.register(self.close)

    def run(self, folder: Path, within_s: float) -> tuple[bytes, bytes]:
        """What a child told of a job, and what it printed as errors, until it ended or its time was over (seconds)."""
        out, out_child = os.pipe()
        errors, errors_child = os.pipe()
        try:
            try:
                self._ask(folder, [out_child, errors_child])
            finally:
                os.close(out_child)
                os.close(errors_child)
            return _read((out, errors), time.monotonic() + within_s)
        finally:
            os.close(out)
            os.close(errors)

    def close(self) -> None:
        """End it."""
        with self._asking:
            self._end()

    def _ask(self, folder: Path, pipes: list[int]) -> None:
        with self._asking:
            for _ in range(2):  # it may have ended since it was last asked
                if self._line is None:
                    self._begin(pipes[1])
                assert self._line is not None
                try:
                    socket.send_fds(self._line, [f"{folder}\n".encode()], pipes)
                    if self._line.recv(1):
                        return
                except OSError:
                    pass
                self._end()

    def _begin(self, errors: int) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-I", "-c", START, str(Path(__file__).resolve().parents[1])]
        with theirs:
            self._process = subprocess.Popen(
                command, env={}, cwd="/", stdin=theirs.fileno(), stdout=errors, stderr=errors
            )
        ours.settimeout(STARTING_S)
        self._line = ours

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()  # its children go on
            self._process.wait()
        self._line = self._process = None


def _read(pipes: tuple[int, int], until: float) -> tuple[bytes, bytes]:
    told: dict[int, list[bytes]] = {pipe: [] for pipe in pipes}
    with selectors.DefaultSelector() as open_:
        for pipe in pipes:
            open_.register(pipe, selectors.EVENT_READ)
        while open_.get_map() and (left_s := until - time.monotonic()) > 0:
            for key, _ in open_.select(left_s):
                if data := os.read(key.fd, 1 << 16):
                    told[key.fd].append(data)
                else:
                    open_.unregister(key.fd)
    return b"".join(told[pipes[0]]), b"".join(told[pipes[1]])


def serve() -> None:
    """Fork a child for each line on stdin, a socket, until that is closed."""
    from cited.child import main  # here alone: who asks does not need what these need
    from cited.queries import Base

    Base.prepare()

    line = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):  # what it was begun with belongs to one job
        os.dup2(nothing, number)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    while True:
        folder, pipes, _, _ = socket.recv_fds(line, 4096, 2)
        if not folder:
            return
        if not os.fork():
            _child(line, Path(folder.decode().rstrip("\n")), pipes, main)
        for pipe in pipes:
            os.close(pipe)
        line.send(b".")


def _child(line: socket.socket, folder: Path, pipes: list[int], main: Callable[[Path], None]) -> None:
    line.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.alarm(LONGEST_S)
    for number, pipe in enumerate(pipes, 1):
        os.dup2(pipe, number)
        os.close(pipe)
    code = 1
    try:
        os.chdir(folder)
        main(folder)
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        os._exit(code)
