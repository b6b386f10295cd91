"""`lab watch`: on each save, restart what runs the candidate's code and rehearse; one key for the rest.

Rehearsal and exam run in a process of their own, so that a key can end it at any moment. A save ends a rehearsal, and
waits for the end of an exam. On a terminal each run begins on an empty screen.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import watchfiles

from grader.classroom.desk.seat import seat
from grader.cli import signals
from grader.cli.console import next_step, note, say
from grader.cli.keys import Keys
from grader.course import catalog, systems
from grader.course.files import ignored
from grader.course.spec import Lab
from grader.practice import rig, workspace
from grader.practice.live import journal
from infra import own
from infra.errors import ServiceFailed

DEBOUNCE_MS = 200
HELP = "h hint   l logs   r run again   g exam   d diff   q quit"
CLEAR = "\x1b[H\x1b[2J"
GRACE_S = 10.0
_SAVED, _QUIT = "saved", "q"


def watch(lab_id: str) -> None:
    """Watch the workspace until `q` or Ctrl-C."""
    lab = catalog.find_lab(lab_id)
    rig.require(lab_id)
    paths = watched(lab)
    events: queue.Queue[str] = queue.Queue()
    over = threading.Event()
    watcher = threading.Thread(target=_report_saves, args=(paths, events, over), daemon=True)
    watcher.start()
    named = ", ".join(str(p.relative_to(catalog.root())) for p in paths)
    try:
        with signals.ending(f"watching; {lab_id} still runs"), Keys(events.put) as keys:
            Session(lab, events, keys.there, named).run()
    finally:
        over.set()
        watcher.join(2)
    next_step(*seat(lab_id).exam_step())


def watched(lab: Lab) -> list[Path]:
    """The open files and folders of the workspace that are there."""
    work = workspace.require(lab.id)
    return [work / entry.removesuffix("/**") for entry in lab.spec.open if (work / entry.removesuffix("/**")).exists()]


def _report_saves(paths: Sequence[Path], events: queue.Queue[str], over: threading.Event) -> None:
    for _ in watchfiles.watch(
        *paths, watch_filter=_counts, debounce=DEBOUNCE_MS, stop_event=over, raise_interrupt=False
    ):
        events.put(_SAVED)


def _counts(_: watchfiles.Change, path: str) -> bool:
    parts = Path(path).parts
    return not ignored(parts[-1], folder=False) and not any(ignored(part, folder=True) for part in parts)


class Session:
    """What happens to events, one after the other: a save or `r` rehearses, `g` takes the exam, other keys print, `q`
    ends.

    Args:
        lab: the lab.
        events: keys, and "saved".
        keys: whether there is a terminal, and so somebody to be told the keys and asked.
        watched: what is watched, in words.
    """

    def __init__(self, lab: Lab, events: queue.Queue[str], keys: bool, watched: str) -> None:
        self._lab = lab
        self._events = events
        self._keys = keys
        self._watched = watched
        self._running: subprocess.Popen[bytes] | None = None
        self._exam = self._saved = self._asked = False

    def run(self) -> None:
        """Until `q`."""
        self._rehearse()
        try:
            while (event := self._next()) != _QUIT:
                self._handle(event)
        finally:
            self._end()

    def _next(self) -> str:
        """The next event; sees when a run ends while waiting."""
        while True:
            try:
                return self._events.get(timeout=0.2)
            except queue.Empty:
                if self._running and self._running.poll() is not None:
                    self._ended()

    def _ended(self) -> None:
        self._running, self._exam = None, False
        if self._saved:
            self._rehearse()
        else:
            self._show_keys()

    def _handle(self, event: str) -> None:
        if self._asked:
            self._asked = False
            if event == "y":
                self._lab_command("hint", "--yes")
            self._show_keys()
            if event != _SAVED:
                return
        if event == _SAVED and self._exam:
            self._saved = True
            note("saved; it is rehearsed once the exam is over")
        elif event in (_SAVED, "r"):
            while not self._events.empty() and self._events.queue[0] == _SAVED:
                self._events.get()
            self._rehearse()
        elif event == "g":
            self._take_exam()
        elif event == "h":
            self._ask_for_hint()
        elif event in _COMMANDS:
            self._lab_command(*_COMMANDS[event])
            self._show_keys()

    def _rehearse(self) -> None:
        self._begin()
        try:
            self._restart()
        except ServiceFailed as error:
            note(f"{error}; the end of its log:")
            print("\n".join(rig.failed_lines(error)))
            self._show_keys()
            return
        self._running = self._start("check")

    def _take_exam(self) -> None:
        self._begin()
        command = seat(self._lab.id).exam_step()[0].split()[1]
        self._exam, self._running = True, self._start(command)

    def _begin(self) -> None:
        """End what runs, and begin on an empty screen."""
        self._end()
        self._saved = False
        print(CLEAR if sys.stdout.isatty() else "", flush=True)
        say(f"Watching {self._watched}; save a file to try it.")

    def _restart(self) -> None:
        if seat(self._lab.id).brings_saves():
            note(f"your system gets it in the background; `lab status {self._lab.id}` says what came of it")
            return
        if not self._lab.spec.restart:
            return
        note(f"restarting {', '.join(systems.open_services(self._lab))} ...")
        began = time.time()
        journal.restarted(self._lab.id, rig.restart(self._lab, None), began)

    def _ask_for_hint(self) -> None:
        self._asked = True
        say("Each hint gives away more, and an interviewer would note it. Press y to take the next one.")

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = own.command("grader.cli", arguments[0], self._lab.id, *arguments[1:])
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0, env=own.environment())

    def _lab_command(self, *arguments: str) -> None:
        self._start(*arguments).wait()

    def _end(self) -> None:
        process, self._running, self._exam = self._running, None, False
        if process is None or process.poll() is not None:
            return
        os.kill(process.pid, signal.SIGINT)
        try:
            process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _show_keys(self) -> None:
        if self._keys:
            say(HELP)


_COMMANDS = {"l": ("logs",), "d": ("diff",)}
