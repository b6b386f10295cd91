"""Several experiments side by side: what they share is imported once, then each gets a process of its own by fork.

Chaos Toolkit wants one experiment a process (it keeps global state and sets signal handlers); importing it seven times
cost more than two seconds of two cores at the start of an exam.

On stdout, one line of JSON for each thing that happens: `{"experiment": n, "ready": true}` (false if it ended instead)
and `{"experiment": n, "code": c, "ended_at": t}`, with n from 0 in the order given, c its exit code and t when it ended
(seconds since the epoch): who reads this may do so late. Each line of stdin is handed to all that are ready.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

from grader.lifeline import POLL_S, Lifeline, read_line

CRASHED = 70


@dataclass
class _Forked:
    """An experiment's process, and the pipes that stand for its stdin and stdout."""

    pid: int
    order: IO[str]
    word: IO[str]


def run_together(plans: Sequence[Path], run: Callable[[Path], int], lifeline: Lifeline) -> int:
    """Run every plan in a process of its own and return 0 when the last has ended.

    Args:
        plans: one file each; what a process writes to stderr goes to `<plan>.log`, with `.json` replaced.
        run: called in the new process; returns its exit code.
        lifeline: made at this process's start. SIGTERM and the end of the parent are passed on as SIGTERM.
    """
    forked = [_fork(plan, run) for plan in plans]
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _terminate(forked))
    threading.Thread(target=_watch, args=(lifeline,), daemon=True).start()
    for n, one in enumerate(forked):
        _say(experiment=n, ready=bool(one.word.readline()))
    if line := read_line():
        _hand(forked, line)
    else:  # who started us was gone before `lifeline` was made, and no order will come
        _terminate(forked)
    threading.Thread(target=_hand_on, args=(forked,), daemon=True).start()
    _await(forked)
    return 0


def _fork(plan: Path, run: Callable[[Path], int]) -> _Forked:
    order_out, order_in = os.pipe()
    word_out, word_in = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(order_out, 0)
        os.dup2(word_in, 1)
        log = os.open(plan.with_suffix(".log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        os.dup2(log, 2)
        os.closerange(3, max(order_out, order_in, word_out, word_in, log) + 1)
        _live(plan, run)
    os.close(order_out)
    os.close(word_in)
    return _Forked(pid, os.fdopen(order_in, "w"), os.fdopen(word_out))


def _live(plan: Path, run: Callable[[Path], int]) -> NoReturn:
    """The life of a forked process: nothing of it may return into the code that forked."""
    code = CRASHED
    try:
        code = run(plan)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else CRASHED
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _hand(forked: Sequence[_Forked], line: str) -> None:
    """Give each process a line; one that has ended needs none."""
    for one in forked:
        with contextlib.suppress(BrokenPipeError):
            one.order.write(line)
            one.order.flush()


def _hand_on(forked: Sequence[_Forked]) -> None:
    """Whatever else comes. Read from the system, as in `grader.chaos`."""
    while line := os.read(sys.stdin.fileno(), 4096):
        _hand(forked, line.decode())


def _await(forked: Sequence[_Forked]) -> None:
    numbers = {one.pid: n for n, one in enumerate(forked)}
    while numbers:
        pid, status = os.waitpid(-1, 0)
        if pid in numbers:
            _say(experiment=numbers.pop(pid), code=os.waitstatus_to_exitcode(status), ended_at=time.time())


def _terminate(forked: Sequence[_Forked]) -> None:
    """Only children that nobody has waited for yet can be named by their id: the others are not asked for."""
    for one in forked:
        try:
            if os.waitid(os.P_PID, one.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                os.kill(one.pid, signal.SIGTERM)
        except ChildProcessError:
            continue


def _say(**message: object) -> None:
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(message), flush=True)


def _watch(lifeline: Lifeline) -> None:
    while not lifeline.cut():
        time.sleep(POLL_S)
    os.kill(os.getpid(), signal.SIGTERM)
