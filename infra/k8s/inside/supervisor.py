"""The first process of a service's container: starts, freezes and ends the service on command, and keeps its log.

    supervisor.py PORT STATE_FOLDER WORKING_DIR COMMAND...

The service does not run until it is told to. Being the first process of a PID namespace, it is spared by signals from
inside, and one signal of its own reaches every other process there, however it was forked. A container that is
started anew (its memory ran out) tells that from the state folder, and leaves the service dead.
"""

import contextlib
import json
import os
import resource
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import logs
import wire

CANNOT_RUN = 127
KILL_S = 10.0
ANSWER_S = 1.0
OURS = ("BROWNOUT_CONTROL", "KUBERNETES_")
PAGE, TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")


class Supervisor:
    """One service."""

    def __init__(self, state, folder, argv):
        self._argv, self._folder, self._state = argv, folder, state
        self._log = logs.CappedLog(state / "log")
        self._environment = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
        self._busy = threading.RLock()
        self._spawning = threading.Lock()
        self._process = self._pump = self._exit_code = None
        self._paused = False
        self.birth = self._recall()

    def answer(self, message):
        """Do what a message says."""
        do = message.pop("do")
        if do not in ("status", "start", "kill", "restart", "pause", "resume", "logs", "stats", "answers", "reaches"):
            raise ValueError(f"cannot {do}")
        return getattr(self, do)(**message)

    def status(self):
        running = self._process is not None
        state = "exited" if not running else "paused" if self._paused else "running"
        return {"state": state, "exit_code": None if running else self._exit_code, "birth": self.birth}

    def start(self):
        with self._busy:
            if self._process is None:
                self._end_all()
                with self._spawning:
                    self._spawn()
        return self.status()

    def kill(self):
        with self._busy:
            self._end_all()
        return self.status()

    def restart(self):
        with self._busy:
            self.kill()
            return self.start()

    def pause(self):
        with self._busy:
            if self._process is not None:
                _signal_all(signal.SIGSTOP)
                self._paused = True
        return self.status()

    def resume(self):
        with self._busy:
            if self._paused:
                _signal_all(signal.SIGCONT)
                self._paused = False
        return self.status()

    def logs(self, count):
        return self._log.tail(count)

    def stats(self):
        if self._process is None:
            return None
        return [sum(column) for column in zip(*(_use(*other) for other in _others()), strict=True)] or [0, 0.0, 0]

    def answers(self, url):
        """Whether a GET is answered 2xx or 3xx within a second, however slowly bytes come."""
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        ask = f"GET {path} HTTP/1.1\r\nhost: {parts.hostname}\r\nconnection: close\r\n\r\n"
        try:
            with socket.create_connection((parts.hostname, parts.port), ANSWER_S) as connection:
                connection.sendall(ask.encode())
                return 200 <= int(_line(connection, time.monotonic() + ANSWER_S).split()[1]) < 400
        except (OSError, ValueError, IndexError):
            return False

    def reaches(self, host, port):
        """Whether a TCP connection to somewhere else can be made now."""
        try:
            socket.create_connection((host, port), ANSWER_S).close()
        except OSError:
            return False
        return True

    def reap(self):
        """Wait for children for ever: the service's own, and those that it orphaned."""
        while True:
            try:
                pid, status = os.waitpid(-1, 0)
            except ChildProcessError:
                time.sleep(0.02)
                continue
            with self._spawning:
                mine = self._process is not None and pid == self._process.pid
            if mine:
                self._ended(os.waitstatus_to_exitcode(status))

    def _recall(self):
        """The number drawn at this pod's first start; a later start finds its service killed."""
        file = self._state / "birth"
        try:
            self._exit_code = -signal.SIGKILL
            return json.loads(file.read_text())
        except (OSError, ValueError):
            self._exit_code = None
            file.write_text(json.dumps(secrets.token_hex(8)))
            return json.loads(file.read_text())

    def _spawn(self):
        reading, writing = os.pipe()
        try:
            process = subprocess.Popen(
                self._argv,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                start_new_session=True,
            )
        except OSError as error:
            os.close(reading)
            self._exit_code = CANNOT_RUN
            self._log.write(f"cannot run {self._argv[0]}: {error}\n".encode())
        else:
            self._pump = logs.Pump(reading, self._log)
            self._exit_code, self._paused, self._process = None, False, process
        finally:
            os.close(writing)

    def _ended(self, code):
        """Its process is gone: end what it left behind, and complete its log."""
        process, pump = self._process, self._pump
        process.returncode = code
        _signal_all(signal.SIGKILL)
        pump.join(1.0)
        self._exit_code, self._paused, self._process = code, False, None

    def _end_all(self):
        """SIGKILL to all others until there are none."""
        give_up = time.monotonic() + KILL_S
        while self._process is not None or any(True for _ in _others()):
            _signal_all(signal.SIGKILL)
            if time.monotonic() > give_up:
                raise RuntimeError("some processes cannot be killed")
            time.sleep(0.003)


def _line(connection, deadline):
    """The first line that comes, or what is there of it at 4 KB. Raises OSError when it is not there in time."""
    line = b""
    while b"\n" not in line and len(line) < 4096:
        connection.settimeout(max(0.001, deadline - time.monotonic()))
        got = connection.recv(4096)
        if not got:
            break
        line += got
    return line


def _signal_all(number):
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, number)


def _others():
    """Processes of this PID namespace but this one, zombies left out: number, and fields of /proc/PID/stat after the
    name."""
    for entry in os.listdir("/proc"):
        if entry.isdigit() and entry != "1":
            try:
                fields = Path("/proc", entry, "stat").read_bytes().rpartition(b")")[2].split()
            except OSError:
                continue
            if fields[0] not in (b"Z", b"X"):
                yield entry, fields


def _use(number, fields):
    """Resident bytes (pages that several processes share are split between them), CPU seconds with those of ended
    children, and 1."""
    return _split(number) or int(fields[21]) * PAGE, sum(map(int, fields[11:15])) / TICKS, 1


def _split(number):
    """The proportional set size in bytes; None where a process keeps that to itself (see proc(5), smaps_rollup)."""
    with contextlib.suppress(OSError):
        for line in Path("/proc", number, "smaps_rollup").read_bytes().splitlines():
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) << 10
    return None


def _leave(*_):
    _signal_all(signal.SIGKILL)
    os._exit(0)


def main():
    if os.getpid() != 1:
        raise SystemExit("only the first process of a PID namespace may do this")
    port, state, folder, *argv = sys.argv[1:]
    wire.hide()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    token = wire.take_token("BROWNOUT_CONTROL")
    supervisor = Supervisor(Path(state), folder, argv)
    wire.serve(int(port), token, supervisor.answer)
    supervisor.reap()


if __name__ == "__main__":
    main()
