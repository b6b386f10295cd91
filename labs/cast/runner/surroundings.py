"""The surroundings of a run: what a result may hang on beside code, data and arguments.

Set up in the child, and seen by a witness there, before any code of the candidate's is imported.
"""

from __future__ import annotations

import importlib.util
import os
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MOST_NAMES = 40
YEAR_NS = 365 * 86_400 * 10**9
OTHER_PROGRAMS = {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn"}
_TZ = re.compile(r"[A-Za-z0-9_/<>:,.+-]{1,64}")


@dataclass(frozen=True)
class Surroundings:
    """Of one run. What is None stays as it is.

    Attributes:
        clock: epoch, in seconds, from which the clock goes on.
        tz: the value of TZ.
        cores: how many there seem to be.
        listing: the seed of the order in which folders are listed.
        mtimes: the seed of the times of the files that were ordered, in the year before now.
        umask: of the run.
    """

    clock: float | None = None
    tz: str | None = None
    cores: int | None = None
    listing: int | None = None
    mtimes: int | None = None
    umask: int | None = None

    def enter(self) -> None:
        """Make it so, in this process and its forks, which from now on start no other programs."""
        if self.umask is not None:
            os.umask(self.umask)
        if self.tz is not None:
            os.environ["TZ"] = self.tz
            time.tzset()
        if self.cores is not None:
            _have_cores(self.cores)
        if self.listing is not None:
            _list_by(self.listing)
        if self.clock is not None:
            import time_machine

            time_machine.travel(self.clock, tick=True).start()
        _start_no_programs()

    def age_ns(self, name: str) -> int | None:
        """How old a file is to look, in nanoseconds."""
        return None if self.mtimes is None else random.Random(f"{self.mtimes} {name}").randrange(YEAR_NS)


def parse(raw: Any) -> Surroundings | None:
    """The surroundings of an order; ValueError says what was expected."""
    if raw is None:
        return None
    if not isinstance(raw, dict) or raw.keys() - {field.name for field in fields(Surroundings)}:
        raise ValueError("surroundings: an object of clock, tz, cores, listing, mtimes, umask")
    tz = raw.get("tz")
    if tz is not None and not (isinstance(tz, str) and _TZ.fullmatch(tz)):
        raise ValueError("tz: a value of TZ, or null")
    clock = None if raw.get("clock") is None else _epoch(raw["clock"])
    whole = {name: _whole(raw, name, *span) for name, span in _SPANS.items()}
    return Surroundings(clock, tz, **whole)


_SPANS = {"cores": (1, 256), "listing": (0, 2**63), "mtimes": (0, 2**63), "umask": (0, 0o777)}


def _whole(raw: dict[str, Any], name: str, low: int, high: int) -> int | None:
    value = raw.get(name)
    if value is not None and (type(value) is not int or not low <= value <= high):
        raise ValueError(f"{name}: a whole number from {low} to {high}, or null")
    return value


def _epoch(text: Any) -> float:
    if importlib.util.find_spec("time_machine") is None:
        raise ValueError("clock: needs an image with time-machine")
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError("clock: a time in ISO form, UTC if it names no zone, or null") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def witness(listed: Path) -> dict[str, Any]:
    """What is so here and now; `listed` is a folder whose first names are told in the order of a listing."""
    umask = os.umask(0)
    os.umask(umask)
    return {
        "clock": time.time(),
        "local": datetime.now().isoformat(),
        "cores": os.cpu_count(),
        "listing": os.listdir(listed)[:MOST_NAMES],
        "mtimes": {name: (listed / name).lstat().st_mtime for name in sorted(os.listdir(listed))[:MOST_NAMES]},
        "umask": umask,
        "hash": str(hash("brownout")),
        "folder": str(Path.cwd()),
        "python": sys.version.split()[0],
        "versions": {
            name: version
            for name, module in list(sys.modules.items())
            if isinstance(version := getattr(module, "__version__", None), str) and "." not in name
        },
    }


def _have_cores(count: int) -> None:
    os.cpu_count = lambda: count
    if hasattr(os, "process_cpu_count"):
        os.process_cpu_count = lambda: count
    if hasattr(os, "sched_getaffinity"):
        os.sched_getaffinity = lambda pid, /: set(range(count))


def _list_by(seed: int) -> None:
    """`os.listdir` and `os.scandir` in an order that depends on the seed and the names alone; glob, walk and pathlib go
    through them."""
    listdir, scandir = os.listdir, os.scandir

    def shuffled(found: list[Any], key: Callable[[Any], Any]) -> list[Any]:
        found.sort(key=key)
        random.Random(seed).shuffle(found)
        return found

    def listed(path: Any = None) -> list[Any]:
        return shuffled(listdir(path), lambda name: name)

    def scanned(path: Any = None) -> _Entries:
        with scandir(path) as entries:
            return _Entries(shuffled(list(entries), lambda entry: entry.name))

    os.listdir, os.scandir = listed, scanned  # type: ignore[assignment]


class _Entries:
    """What `os.scandir` returns."""

    def __init__(self, entries: list[Any]) -> None:
        self._left = iter(entries)

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._left)

    def __enter__(self) -> _Entries:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing more comes."""
        self._left = iter(())


def _start_no_programs() -> None:
    """Another program would live in other surroundings, so there are none. Forks live in these."""
    import _posixsubprocess

    def refuse(*_: Any) -> Any:
        raise PermissionError("a run in these surroundings may fork, and starts no other program")

    sys.addaudithook(lambda event, _: refuse() if event in OTHER_PROGRAMS else None)
    _posixsubprocess.fork_exec = refuse  # multiprocessing's way, which no hook hears of
