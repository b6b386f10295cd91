"""What a forked child does: become a process of its own, and call the candidate's entry point."""

from __future__ import annotations

import importlib
import json
import os
import random
import resource
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

import papers
import processes
from runs import Order
from surroundings import witness

WITNESS = 3


class Child:
    """How every run of this service begins."""

    def __init__(self, code: Path, entry: str, scratch: Path) -> None:
        self._code = code
        self._entry = entry
        self._scratch = scratch

    def run(self, order: Order) -> int:
        """Call the entry point with the order's arguments; the exit code. Its exceptions are printed."""
        try:
            self._prepare(order)
        except OSError:
            traceback.print_exc()
            return 1
        _limit(order)
        random.seed()
        if (numpy := sys.modules.get("numpy")) is not None:
            numpy.random.seed()
        try:
            _clear_ours()
            call = None if not order.entry else _function(order.entry)  # ours, so none of theirs is found in its place
            sys.path.insert(0, str(self._code))
            (call or _function(self._entry))(**order.arguments)
        except SystemExit as exit_:
            return exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
        except BaseException:
            traceback.print_exc()
            return 1
        finally:
            sys.stdout.flush()
        return 0

    def _prepare(self, order: Order) -> None:
        """Where it works, with what, and in which surroundings; a witness tells them. OSError if they cannot be had."""
        around, folder = order.surroundings, self._scratch / order.folder
        if order.folder:
            papers.write(folder, order.files, around.age_ns if around else lambda _: None)
        os.chdir(folder)
        if around is not None:
            around.enter()
            listed = folder / next(iter(order.files), "")
            os.write(WITNESS, json.dumps(witness(listed.parent if order.files else folder)).encode())
            os.close(WITNESS)


def _function(entry: str) -> Any:
    module, _, name = entry.partition(":")
    return getattr(importlib.import_module(module), name)


def _clear_ours() -> None:
    """Our modules are not taken for the candidate's where the names are the same."""
    ours = Path(__file__).parent
    for name, module in list(sys.modules.items()):
        if name != "__main__" and Path(getattr(module, "__file__", None) or "/").parent == ours:
            del sys.modules[name]
    sys.path[:] = [each for each in sys.path if Path(each or ".").resolve() != ours.resolve()]


def settle(output: int, eye: int | None) -> None:
    """Right after the fork: a session of its own, `output` for what it says, no other open file but the `eye` that our
    witness tells by, signals as usual."""
    os.setsid()
    processes.adopt_orphans()
    processes.keep_to_itself(False)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(number, target)
    if eye is not None:
        os.dup2(eye, WITNESS)
    os.closerange(WITNESS + (eye is not None), os.sysconf("SC_OPEN_MAX"))
    sys.stdout.reconfigure(line_buffering=True, write_through=False)  # type: ignore[union-attr]
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _limit(order: Order) -> None:
    """A file that grows past the limit ends the run by SIGXFSZ, or fails the write with EFBIG."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if order.file_limit is None:
        return
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL if order.at_limit == "kill" else signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (order.file_limit, order.file_limit))
