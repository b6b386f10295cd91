"""The process that owns a deployment's services: `python -m infra.process.supervisor <state folder>`.

It reads `plan.json`, answers commands on a loopback port (`infra.process.wire`; port and token are in `state.json`),
and ends and removes everything when told to, on SIGTERM, or when the deployment's owner is gone. The command returns 0
once the supervisor answers in the background. Imports only the standard library and psutil, to start at once.
"""

from __future__ import annotations

import asyncio
import dataclasses
import hmac
import json
import os
import secrets
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from infra.errors import InfraError, PlatformBroken, ServiceFailed
from infra.process import family
from infra.process.identity import Identity, identify
from infra.process.plan import LOGS, STATE, Plan, read_plan, write_private
from infra.process.trees import remove_tree
from infra.process.unit import Unit

OWNER_POLL_S = 0.2
LINE_BYTES = 1 << 16


class Supervisor:
    """Runs one plan until it is stopped."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self._folder, self._plan = folder, plan
        self._token = secrets.token_hex(16)
        self._units = {name: Unit(service, folder / LOGS / name, self._find) for name, service in plan.services.items()}
        self._finished = asyncio.Event()
        self._removing = asyncio.Lock()
        self._sweeps: set[asyncio.Task[None]] = set()

    async def run(self, ready: int) -> None:
        """Serve until finished, then remove everything. A byte is written to the descriptor `ready` when it answers."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGCHLD, self._reap)
        loop.add_signal_handler(signal.SIGTERM, self._finished.set)
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LINE_BYTES)
        self._write_state(server.sockets[0].getsockname()[1])
        watch = asyncio.create_task(self._watch_owner(self._plan.owner))
        os.write(ready, b"1")
        os.close(ready)
        await self._finished.wait()
        watch.cancel()
        await self._remove()

    def _write_state(self, port: int) -> None:
        me = identify(os.getpid())
        assert me is not None
        write_private(self._folder / STATE, {"port": port, "token": self._token, "supervisor": dataclasses.asdict(me)})

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ValueError, asyncio.IncompleteReadError):
            message = json.loads(await reader.readline())
            if hmac.compare_digest(str(message.get("token")), self._token):
                writer.write(json.dumps(await self._answer(message)).encode() + b"\n")
                await writer.drain()
        writer.close()

    async def _answer(self, message: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"ok": await self._do(message)}
        except ServiceFailed as error:
            return {"error": "ServiceFailed", "service": error.service, "exit_code": error.exit_code}
        except (InfraError, OSError) as error:
            return {"error": "PlatformBroken", "message": str(error)}

    async def _do(self, message: dict[str, Any]) -> Any:
        verb = message["do"]
        if verb == "stop":
            await self._remove()
            return self._finished.set()
        self._check_disk()
        if verb == "status":
            return {name: unit.status() for name, unit in self._units.items()}
        if verb == "stats":
            return self._stats()
        unit = self._units[message["service"]]
        if verb == "scale":
            return await unit.scale(message["replicas"])
        operations = (unit.start, unit.kill, unit.restart, unit.pause, unit.resume)
        return await {operation.__name__: operation for operation in operations}[verb]()

    def _check_disk(self) -> None:
        for name, unit in self._units.items():
            if unit.trouble is not None:
                raise PlatformBroken(f"the log of service {name} cannot be written ({unit.trouble}): make room")

    def _families(self) -> dict[str | None, list[psutil.Process]]:
        roots = {unit.pid: name for name, unit in self._units.items() if unit.pid is not None}
        return family.families(roots, self._plan.name)

    def _find(self, service: str) -> list[psutil.Process]:
        found = self._families()
        return [*found.get(service, []), *found.get(None, [])]

    def _stats(self) -> dict[str, list[float]]:
        found = self._families()
        return {name: _use(found[name]) for name, unit in self._units.items() if unit.pid is not None and name in found}

    def _reap(self) -> None:
        with suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return
                self._ended(pid, os.waitstatus_to_exitcode(status))

    def _ended(self, pid: int, code: int) -> None:
        for unit in self._units.values():
            if unit.pid == pid:
                unit.exited(code)
                sweep = asyncio.create_task(unit.sweep())
                self._sweeps.add(sweep)
                sweep.add_done_callback(self._sweeps.discard)

    async def _watch_owner(self, owner: Identity | None) -> None:
        if owner is None:
            return
        gone = asyncio.Event()
        with suppress(OSError, AttributeError):
            descriptor = os.pidfd_open(owner.pid)
            asyncio.get_running_loop().add_reader(descriptor, gone.set)
        while owner.alive:
            with suppress(TimeoutError, asyncio.TimeoutError):
                await asyncio.wait_for(gone.wait(), OWNER_POLL_S)
                break
        self._finished.set()

    async def _remove(self) -> None:
        async with self._removing:
            await family.end(lambda: [process for group in self._families().values() for process in group])
            if self._folder.exists():
                remove_tree(self._folder)


def _use(processes: list[psutil.Process]) -> list[float]:
    memory, seconds, count = 0, 0.0, 0
    for process in processes:
        with suppress(psutil.Error):
            memory += _resident(process)
            times = process.cpu_times()
            seconds += times.user + times.system + times.children_user + times.children_system
            count += 1
    return [memory, seconds, count]


def _resident(process: psutil.Process) -> int:
    """Resident memory in bytes. Where the kernel tells (Linux), pages that processes share, as a fork and its parent
    do, are split between them: each process in full would count them once for every fork."""
    with suppress(psutil.AccessDenied):
        full = process.memory_full_info()
        return int(getattr(full, "pss", full.rss))
    return int(process.memory_info().rss)


def main() -> int:
    """Go into the background; returns in the foreground process, with 0 once the background one answers."""
    folder = Path(sys.argv[1])
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        return 0 if os.read(reading, 1) else 1
    os.close(reading)
    os.setsid()
    family.adopt_orphans()
    plan = read_plan(folder)
    if plan is None:
        return 1
    asyncio.run(_run(folder, plan, writing))
    return 0


async def _run(folder: Path, plan: Plan, ready: int) -> None:
    await Supervisor(folder, plan).run(ready)


if __name__ == "__main__":
    sys.exit(main())
