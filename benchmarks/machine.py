"""The machine under a measurement: kept busy on purpose, what others use, and an orderly end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from grader.authoring.proving.checkout import commit
from grader.errors import GraderError
from infra.errors import InfraError

ROOT = Path(__file__).resolve().parent.parent
_ALIVE = "import os, subprocess, sys, time\nalive = lambda: os.getppid() == int(sys.argv[1])\n"
"""What each runs ends by itself, within seconds at most, when the process that started it is gone."""

_SPIN = """
while alive():
    for _ in range(100_000):
        pass
"""
_BURSTS = """
import random
while alive():
    time.sleep(random.uniform(2, 6))
    end = time.monotonic() + random.uniform(0.3, 1.2)
    for n in range(12):
        if n == 11 or not os.fork():
            if n < 11:
                os.setsid()
            while time.monotonic() < end:
                pass
            if n < 11:
                os._exit(0)
    for _ in range(11):
        os.wait()
"""
_BUILD = """
steps = "FROM brownout/base:debian\\nRUN python3 -c 'sum(range(900_000_000))'\\nRUN head -c 300M /dev/zero >/x"
while alive():
    done = subprocess.run(
        ["docker", "build", "-q", "--no-cache", "--force-rm", "-"], input=steps, text=True, capture_output=True
    )
    if done.returncode:
        sys.exit(done.stderr)
    subprocess.run(["docker", "rmi", "-f", done.stdout.strip()], capture_output=True)
"""
_MEMORY = """
held = []
while alive():
    free = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemAvailable")) // 1024
    if free > 1500:
        held.append(bytearray(os.urandom(4096) * 256 * min(256, free - 1400)))
    elif free < 1000 and held:
        held.pop()
    for block in held[:: max(1, len(held) // 8)]:
        block[::4096] = bytes(len(block) // 4096)
    time.sleep(0.05)
"""
STATES = {
    "idle": [],
    "busy1": [_SPIN],
    "busy2": [_SPIN] * 2,
    "busy6": [_SPIN] * 6,
    "bursts": [_BURSTS],
    "build": [_BUILD],
    "memory": [_MEMORY],
    "pair": [],
}
"""Machine states by name, and what runs beside the measurement: nothing; a process that spins; two; six; twelve that
spin for 0.3 to 1.2 s, with 2 to 6 s between, each in a session of its own, since the kernel shares a core between
sessions; `docker build`, again and again; a process that holds and touches all memory but 1 to 1.5 GB (Linux); another
exam, which is measured as well (`benchmarks.pairs`)."""

PAIR = "pair"

OVERLOADED = ("busy6", "bursts")
"""States in which exams may prove nothing, and must not prove anything wrong."""


class Busy:
    """Processes that use the machine."""

    def __init__(self, programs: Sequence[str]) -> None:
        start = [sys.executable, "-S", "-c"]
        self.processes = [
            subprocess.Popen([*start, _ALIVE + program, str(os.getpid())], start_new_session=True)
            for program in programs
        ]

    def check(self) -> None:
        """Raise RuntimeError if one of them has ended: what was measured since is not what it says."""
        if any(process.poll() is not None for process in self.processes):
            raise RuntimeError("a process that kept the machine busy has ended")

    def end(self) -> None:
        """End them all."""
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()


@contextmanager
def kept(state: str) -> Iterator[Busy]:
    """Keep the machine in a state of `STATES` meanwhile."""
    busy = Busy(STATES[state])
    try:
        yield busy
    finally:
        busy.end()


def in_use(seconds: float = 0.5) -> float:
    """Share of all cores that is in use, by anyone, over that time; 0 where the system does not say."""
    before = _jiffies()
    time.sleep(seconds)
    total, idle = (b - a for a, b in zip(before, _jiffies(), strict=True))
    return 1 - idle / total if total else 0.0


def _jiffies() -> tuple[int, int]:
    """All time and idle time of all cores together."""
    try:
        fields = [int(x) for x in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    except OSError:
        return 0, 0
    return sum(fields), fields[3] + fields[4]


def made_by(arguments: Sequence[str], others: float) -> str:
    """The line above a table: the command, when and where it ran, and what others used of the machine before."""
    return (
        f"`.venv/bin/python -m benchmarks.{' '.join(arguments)}`\n"
        f"on {time.strftime('%Y-%m-%d')}, commit {commit()}, {os.cpu_count()} cores, {others:.0%} of them in other use"
    )


def main(command: Callable[[], int]) -> None:
    """Run a benchmark's command and exit: Ctrl-C and SIGTERM let it clean up, known errors are one sentence."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        code = command()
    except KeyboardInterrupt:
        print("benchmarks: stopped; rows that were written are kept", file=sys.stderr)
        code = 130
    except (GraderError, InfraError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        code = 2
    sys.exit(code)


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)
