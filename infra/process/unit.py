"""One service inside the supervisor: its process, its state, its log."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from infra.errors import PlatformBroken, ServiceFailed
from infra.process import family
from infra.process.logfile import CappedLog
from infra.process.plan import ServicePlan
from infra.process.pump import Pump

CANNOT_RUN = 127


class Unit:
    """A service that can be started, frozen and killed. Operations on one unit wait for each other."""

    def __init__(self, plan: ServicePlan, log: Path, find: Callable[[str], list[psutil.Process]]) -> None:
        """`find` gives the living processes of a service, with strays."""
        self.plan = plan
        self.exit_code: int | None = None
        self.paused = False
        self.trouble: OSError | None = None
        self._log = CappedLog(log)
        self._process: subprocess.Popen[bytes] | None = None
        self._pump: Pump | None = None
        self._busy = asyncio.Lock()
        self._find: family.Find = lambda: find(plan.name)

    @property
    def pid(self) -> int | None:
        """Number of the process that was started for it, while that runs."""
        return self._process.pid if self._process else None

    def status(self) -> dict[str, Any]:
        state = "exited" if self._process is None else "paused" if self.paused else "running"
        return {"state": state, "exit_code": self.exit_code, "replicas": int(self._process is not None)}

    async def start(self) -> None:
        async with self._busy:
            await self._start()

    async def kill(self) -> None:
        async with self._busy:
            await self._kill()

    async def restart(self) -> None:
        async with self._busy:
            await self._kill()
            await self._start()

    async def pause(self) -> None:
        async with self._busy:
            if self._process is None:
                raise ServiceFailed(self.plan.name, self.exit_code, "")
            family.freeze(self._find)
            self.paused = True

    async def resume(self) -> None:
        async with self._busy:
            if self.paused:
                family.send(self._find(), signal.SIGCONT)
            self.paused = False

    async def scale(self, replicas: int) -> None:
        await (self.start() if replicas else self.kill())

    def exited(self, code: int) -> None:
        """Told that its process ended; the log is complete afterwards."""
        if self._process is not None:
            self._process.returncode = code
            self._ended(code)

    async def sweep(self) -> None:
        """End what its process left behind."""
        async with self._busy:
            if self._process is None:
                await family.end(self._find)

    async def _kill(self) -> None:
        await family.end(self._find)
        while self._process is not None:
            await asyncio.sleep(0.002)

    async def _start(self) -> None:
        if self._process is not None:
            return
        await family.end(self._find)
        reading, writing = os.pipe()
        try:
            self._process = self._spawn(writing)
        except OSError as error:
            os.close(reading)
            self._refused(error)
        else:
            self.exit_code = None
            self._pump = Pump(reading, self._log, self._in_trouble)
        finally:
            os.close(writing)

    def _spawn(self, output: int) -> subprocess.Popen[bytes]:
        parent = os.getpid()
        return subprocess.Popen(
            self.plan.argv,
            env=self.plan.env,
            cwd=self.plan.cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=lambda: family.die_with(parent),
        )

    def _refused(self, error: OSError) -> None:
        if not isinstance(error, FileNotFoundError | NotADirectoryError | PermissionError):
            raise PlatformBroken(f"service {self.plan.name} cannot be started: {error}") from error
        self.exit_code = CANNOT_RUN
        self._log.write(f"cannot run {self.plan.argv[0]}: {error}\n".encode())

    def _ended(self, code: int) -> None:
        self._process, self.exit_code, self.paused = None, code, False
        if self._pump is not None:
            self._pump.close()
            self._pump = None

    def _in_trouble(self, error: OSError) -> None:
        self.trouble = error
