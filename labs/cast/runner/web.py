"""The runner's loop: a small HTTP API, the runs' output and their ends, all in one thread, so that a fork is safe."""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import papers
import processes
from child import settle
from runs import MAX_RUNS, BadOrder, Order, Run, as_object, parse
from waiters import Waiters, seconds_of

MAX_BODY = 1 << 20
SLOW_CLIENT_S = 1.0
BLOCK = 65536
MOST_KEPT = 16 << 20


class Loop:
    """Takes orders on `host:port`; `prepare` is called before each fork. `runs` by name, in order of their start. Their
    folders are in `scratch`; `entries` are the entry points that an order may name."""

    def __init__(
        self, host: str, port: int, prepare: Callable[[], None], scratch: Path, entries: Collection[str] = ()
    ) -> None:
        self._prepare = prepare
        self._scratch = scratch
        self._entries = entries
        self.runs: dict[str, Run] = {}
        self._ordered: list[Order] = []
        self._pipes: dict[int, Run] = {}
        self._seeing: dict[str, int] = {}
        self.waiters = Waiters(lambda run: _message(200, run.summary(log=True)))
        self._selector = selectors.DefaultSelector()
        self._web = _Web((host, port), self)
        self._selector.register(self._web, selectors.EVENT_READ)
        self._over = False
        self._wake, self._woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._selector.register(self._wake, selectors.EVENT_READ)

    def serve(self) -> Order | None:
        """Work until SIGTERM or SIGINT and return None; in a forked child, return the order that it is to carry out."""
        signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        while not self._over:
            for key, _ in self._selector.select(self._patience()):
                self._attend(key.fd)
            self._reap()
            self._kill_due()
            self.waiters.serve()
            while self._ordered:
                order = self._ordered.pop(0)
                self._prepare()
                if self._fork(order):
                    return order
        self._end_all()
        return None

    def order(self, order: Order) -> None:
        """Start a run as soon as the request is answered.

        Raises:
            BadOrder: there is a run of that name or in that folder, no such entry point, or there were too many.
        """
        if order.name in self.runs or any(each.name == order.name for each in self._ordered):
            raise BadOrder(f"name: there is a run {order.name!r}")
        if order.entry and order.entry not in self._entries:
            raise BadOrder(f"entry: one of {', '.join(self._entries) or 'none'}")
        at_work = [*self._ordered, *(run.order for run in self.runs.values() if run.running)]
        if order.folder and any(each.folder == order.folder for each in at_work):
            raise BadOrder(f"folder: a run works in {order.folder!r}")
        if len(self.runs) >= MAX_RUNS:
            raise BadOrder(f"at most {MAX_RUNS} runs")
        self._ordered.append(order)

    def kill(self, run: Run) -> int:
        """End a run and everything that it started; the number of processes."""
        if run.running:
            run.kill_at = None
            run.killed = processes.end(run.pid, self._living())
        return run.killed

    def _stop(self, *_: Any) -> None:
        self._over = True

    def _patience(self) -> float | None:
        due = [run.kill_at for run in self.runs.values() if run.kill_at is not None] + self.waiters.due
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _attend(self, descriptor: int) -> None:
        if descriptor == self._web.fileno():
            self._web.handle_request()
        elif descriptor in self._pipes:
            self._listen(descriptor)
        else:
            os.read(self._wake, BLOCK)

    def _listen(self, pipe: int) -> None:
        said = os.read(pipe, BLOCK)
        run = self._pipes[pipe]
        if said:
            run.said(said)
            _pass_on(run.order.name, said)
        else:
            self._close(pipe)

    def _close(self, pipe: int) -> None:
        self._selector.unregister(pipe)
        os.close(pipe)
        del self._pipes[pipe]

    def _fork(self, order: Order) -> bool:
        """Start a run; True in the child."""
        reading, writing = os.pipe()
        seeing, seen = os.pipe() if order.surroundings is not None else (None, None)
        pid = os.fork()
        if pid == 0:
            self._let_go()
            settle(writing, seen)
            return True
        os.close(writing)
        run = Run(replace(order, files={}), pid)
        if seeing is not None and seen is not None:
            os.close(seen)
            self._seeing[run.order.name] = seeing
        self.runs[order.name] = self._pipes[reading] = run
        self._selector.register(reading, selectors.EVENT_READ)
        return False

    def _let_go(self) -> None:
        """In the child: close what this loop has open, and let nothing else of the parent's be collected. An object
        that is closed by its finalizer later closes a number, which is by then a file of the candidate's."""
        self._selector.close()
        self._web.server_close()
        self.waiters.close()
        gc.freeze()

    def _reap(self) -> None:
        """Note which runs have ended; what they left running ends too. Orphans are waited for."""
        by_pid = {run.pid: run for run in self.runs.values() if run.running}
        while (ended := _ended()) is not None:
            if (run := by_pid.get(ended.si_pid)) is not None:
                self._close_run(run, ended)
            os.waitpid(ended.si_pid, 0)

    def _close_run(self, run: Run, ended: os.waitid_result) -> None:
        left = processes.end(run.pid, self._living())
        run.killed = run.killed or left
        run.ended, run.kill_at = time.monotonic(), None
        by_signal = ended.si_code != os.CLD_EXITED
        run.code, run.signal = (None, ended.si_status) if by_signal else (ended.si_status, None)
        self._drain(run)
        if (seeing := self._seeing.pop(run.order.name, None)) is not None:
            run.witness = _seen(seeing)
        if run.order.folder:
            self._collect(run, self._scratch / run.order.folder)

    def _collect(self, run: Run, folder: Path) -> None:
        """Read back what was asked for, and forget the oldest if it is too much."""
        run.collected = papers.collect(folder, run.order.collect)
        papers.remove(folder)
        kept = 0
        for each in reversed(self.runs.values()):
            kept += sum(map(len, each.collected.values()))
            if kept > MOST_KEPT:
                each.collected = {}

    def _drain(self, run: Run) -> None:
        for pipe in [pipe for pipe, of in self._pipes.items() if of is run]:
            while pipe in self._pipes:
                self._listen(pipe)

    def _kill_due(self) -> None:
        now = time.monotonic()
        for run in self.runs.values():
            if run.kill_at is not None and run.kill_at <= now:
                self.kill(run)

    def _living(self) -> list[int]:
        return [run.pid for run in self.runs.values() if run.running]

    def _end_all(self) -> None:
        for run in self.runs.values():
            self.kill(run)


class _Web(HTTPServer):
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], loop: Loop) -> None:
        super().__init__(address, _Handler)
        self.socket.setblocking(False)
        self.loop = loop

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        connection.settimeout(SLOW_CLIENT_S)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """A request is over, unless its caller waits."""
        if not self.loop.waiters.has(request):
            super().shutdown_request(request)

    def handle_error(self, *_: Any) -> None:
        """A client that leaves is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Web

    def do_GET(self) -> None:
        runs = self.server.loop.runs
        path, _, query = self.path.partition("?")
        name = path.removeprefix("/runs/")
        if path == "/healthz":
            self._reply(200, {"status": "ok"})
        elif path == "/runs":
            self._reply(200, [run.summary(log=False) for run in runs.values()])
        elif name in runs:
            self._show(runs[name], query)
        else:
            self._reply(404, {"error": "there is no such run"})

    def _show(self, run: Run, query: str) -> None:
        """A run, at once or once it has ended."""
        try:
            wait_s = seconds_of(parse_qs(query).get("wait_s", ["0"])[-1])
        except BadOrder as error:
            return self._reply(422, {"error": str(error)})
        if not (run.running and wait_s and self.server.loop.waiters.add(self.connection, run, wait_s)):
            self._reply(200, run.summary(log=True))

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        if length > MAX_BODY:
            return self._reply(413, {"error": f"at most {MAX_BODY} bytes"})
        try:
            self._order(self.rfile.read(length))
        except BadOrder as error:
            self._reply(422, {"error": str(error)})

    def _order(self, body: bytes) -> None:
        loop = self.server.loop
        _, runs, name, verb = (*self.path.split("/"), "", "", "")[:4]
        if self.path == "/runs":
            order = parse(body)
            loop.order(order)
            self._reply(201, {"name": order.name})
        elif runs == "runs" and verb == "kill" and name in loop.runs:
            self._kill(loop.runs[name], as_object(body).get("after_s", 0))
        else:
            self._reply(404, {"error": "not found"})

    def _kill(self, run: Run, after_s: Any) -> None:
        if isinstance(after_s, bool) or not isinstance(after_s, int | float) or not 0 <= after_s <= 600:
            raise BadOrder("after_s: seconds, 0 to 600")
        if after_s == 0:
            return self._reply(200, {"name": run.order.name, "killed": self.server.loop.kill(run)})
        if run.running:
            run.kill_at = time.monotonic() + after_s
        self._reply(202, {"name": run.order.name, "killed": 0})

    def _reply(self, code: int, payload: Any) -> None:
        self.wfile.write(_message(code, payload))

    def log_message(self, *_: object) -> None:
        pass


def _message(code: int, payload: Any) -> bytes:
    body = json.dumps(payload).encode()
    head = f"HTTP/1.0 {code} {HTTPStatus(code).phrase}\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


def _ended() -> os.waitid_result | None:
    """A child that has ended and was not waited for yet, if there is one."""
    try:
        return os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None


def _seen(pipe: int) -> Any:
    """What a witness told; None if it did not come to that. Nobody writes any more."""
    try:
        return json.loads(os.read(pipe, BLOCK))
    except ValueError:
        return None
    finally:
        os.close(pipe)


def _pass_on(name: str, said: bytes) -> None:
    """A run's output, line by line under its name, into the service's log."""
    for line in said.decode("utf-8", "replace").splitlines():
        sys.stdout.write(f"{name}: {line}\n")
    sys.stdout.flush()
