"""`python -m grader.classroom.desk.sync LAB`: brings what is saved in a workspace to the system that a workshop runs.

It tells the desk as well (`telling.py`). What goes wrong, in the code or on the way, goes to a log, and the next try
follows by itself. It ends on SIGTERM, and when the checkout no longer knows of it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Protocol

from grader.classroom.cluster import store
from grader.classroom.desk import joined, lent
from grader.classroom.desk.kit import CONTEXT
from grader.classroom.desk.telling import Teller
from grader.course import catalog, files, systems
from grader.course.spec import Lab
from grader.errors import BadInput
from grader.practice import rig, workspace
from infra.errors import InfraError, PlatformBroken, ServiceFailed
from infra.k8s import state as records

TICK_S, DEBOUNCE_MS, STEP_MS = 0.4, 200, 50
LOCK_S, BUSY_S = 0.2, 0.3
SLICE_S, READY_S = 1.0, 30.0
FIRST_RETRY_S, LAST_RETRY_S = 1.0, 15.0
UNKNOWN_S = 10.0
LOG_BYTES = 256 << 10

log = logging.getLogger("sync")
Fingerprint = tuple[tuple[str, int, int, int], ...]


class System(Protocol):
    """What code is brought to."""

    def restart(self) -> None:
        """Bring the files as they are, and restart what runs them.

        Raises:
            ServiceFailed: a file that is needed is missing.
            BadInput: another command is at it.
            InfraError: the way there, or the system, is gone.
        """

    def wait_ready(self, timeout_s: float) -> None:
        """Raises ServiceFailed (without an exit code: not yet), InfraError."""


class Open:
    """The open services of a lab's system, attached anew after trouble."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._services = systems.open_services(lab)
        self._deployment: Any = None

    def restart(self) -> None:
        with workspace.lock(self._lab.id, LOCK_S):
            self._each(lambda deployment, service: deployment.restart(service))

    def wait_ready(self, timeout_s: float) -> None:
        self._each(lambda deployment, service: deployment.wait_ready(service, timeout_s))

    def _each(self, act: Callable[[Any, str], None]) -> None:
        try:
            if self._deployment is None:
                self._deployment = rig.attached(self._lab.id)
            if self._deployment is None:
                raise PlatformBroken("the system is not reached from here")
            for service in self._services:
                act(self._deployment, service)
        except PlatformBroken:
            self._deployment = None
            raise


class Sync:
    """Decides, at every look, what there is to do."""

    def __init__(self, work: Path, entries: Sequence[str], system: System, tell: Callable[[str, str], None]) -> None:
        """`tell(brought, trouble)` learns of every outcome: local time of the last success, a sentence or nothing."""
        self._work, self._entries, self._system, self._tell = work, tuple(entries), system, tell
        self._seen = fingerprint(work, self._entries)
        self._have = digest(work, self._entries)
        self._due: float | None = None
        self._ready_until: float | None = None
        self._since = 0.0
        self._retry_s = FIRST_RETRY_S
        self._asked = threading.Event()
        self._brought = ""

    def ask(self) -> None:
        """Have everything brought at the next look, whatever it is; any thread may."""
        self._asked.set()

    def look(self, on_save: Callable[[], None] = lambda: None) -> None:
        """See what was saved, and do what is due."""
        now = time.monotonic()
        if self._saved():
            on_save()
            if (have := digest(self._work, self._entries)) != self._have:
                self._have = have
                self._asked.set()
        if self._asked.is_set():
            self._asked.clear()
            self._since, self._due, self._retry_s = now, now, FIRST_RETRY_S
        if self._due is not None and now >= self._due:
            self._bring(now)
        elif self._ready_until is not None:
            self._await()

    def _saved(self) -> bool:
        seen = fingerprint(self._work, self._entries)
        if seen is None or seen == self._seen:
            return False
        before, self._seen = self._seen, seen
        changed = sorted({entry[0] for entry in set(seen) ^ set(before or ())})
        log.info("saved: %s", ", ".join(map(files.shown, changed[:5])) + (" ..." if len(changed) > 5 else ""))
        return True

    def _bring(self, now: float) -> None:
        self._ready_until = None
        try:
            self._system.restart()
        except ServiceFailed as error:
            self._due = None
            self._trouble(error)
        except BadInput:
            self._due = now + BUSY_S
        except InfraError as error:
            self._due = now + self._retry_s
            self._retry_s = min(2 * self._retry_s, LAST_RETRY_S)
            self._trouble(error)
        else:
            self._due = None
            self._ready_until = time.monotonic() + READY_S
            self._await()

    def _await(self) -> None:
        assert self._ready_until is not None
        try:
            self._system.wait_ready(SLICE_S)
        except ServiceFailed as error:
            if error.exit_code is not None or time.monotonic() > self._ready_until:
                self._ready_until = None
                self._trouble(ServiceFailed(error.service, error.exit_code, error.log_tail, READY_S))
        except InfraError as error:
            self._ready_until, self._due = None, time.monotonic() + self._retry_s
            self._trouble(error)
        else:
            self._ready_until, self._retry_s = None, FIRST_RETRY_S
            self._brought = time.strftime("%H:%M:%S")
            log.info("live after %.1f s", time.monotonic() - self._since)
            self._tell(self._brought, "")

    def _trouble(self, error: InfraError) -> None:
        tail = rig.failed_lines(error) if isinstance(error, ServiceFailed) else ()
        log.warning("\n  ".join([str(error), *tail]))
        self._tell(self._brought, str(error))


def fingerprint(work: Path, entries: tuple[str, ...]) -> Fingerprint | None:
    """Path, inode, size in bytes and time of change (ns) of each open file; None where the workspace cannot be read."""
    found = []
    try:
        for one in files.walk(work):
            if files.is_open(one.path, entries):
                status = (work / one.path).lstat()
                found.append((str(one.path), status.st_ino, status.st_size, status.st_mtime_ns))
    except (BadInput, OSError):
        return None
    return tuple(found)


def digest(work: Path, entries: tuple[str, ...]) -> str:
    """SHA-256 of names, modes and contents of the open files; a file that cannot be read counts by its trouble."""
    total = hashlib.sha256()
    with suppress(BadInput):
        for one in files.walk(work):
            if files.is_open(one.path, entries):
                try:
                    content = files.read(work / one.path, one.size + 1)
                except BadInput as error:
                    content = str(error).encode()
                total.update(f"{one.path}\0{one.kind}\0{one.executable}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def wakes(work: Path, over: threading.Event) -> Iterator[None]:
    """Once after each change below a folder, and every `TICK_S` seconds at least, until `over`."""
    import watchfiles

    while not over.is_set():
        try:
            for _ in watchfiles.watch(
                work,
                watch_filter=None,
                debounce=DEBOUNCE_MS,
                step=STEP_MS,
                rust_timeout=round(TICK_S * 1000),
                yield_on_timeout=True,
                stop_event=over,
                raise_interrupt=False,
            ):
                yield
                if not work.is_dir():
                    break
        except (OSError, RuntimeError) as error:  # no such folder for the moment, or no more watches to be had
            log.debug("watching by looking: %s", error)
        over.wait(TICK_S)
        yield


class Known:
    """Whether the checkout still wants this process, asked for at most every second."""

    def __init__(self, lab_id: str) -> None:
        self._lab_id = lab_id
        self._began = self._asked = time.monotonic()

    def __call__(self) -> bool:
        now = time.monotonic()
        if now - self._asked < 1.0:
            return True
        self._asked = now
        try:
            state = workspace.load(self._lab_id)
        except BadInput:
            return False
        if state.sync is None or state.sync.pid != os.getpid():
            return now - self._began < UNKNOWN_S
        return joined.joined() and records.read(state.deployment) is not None


def run(lab: Lab, over: threading.Event) -> None:
    """Until `over`, or until nobody knows of it."""
    work, kit, known = workspace.folder(lab.id), joined.require(), Known(lab.id)
    status = _Status(lent.sync_folder(lab.id) / "status.json")
    sync = Sync(work, lab.spec.open, Open(lab), lambda brought, trouble: status.set(brought=brought, trouble=trouble))
    if workspace.changes(lab.id):
        sync.ask()
    teller = Teller(
        read=lambda: store.desk(CONTEXT, kit.namespace, lab.id),
        write=lambda spec: store.tell(CONTEXT, kit.namespace, lab.id, spec),
        changed=lambda: [str(change.path) for change in workspace.changes(lab.id)],
        on_trouble=lambda trouble: status.set(desk=trouble),
        on_earlier_saves=sync.ask,
    )
    teller.start()
    log.info("begun")
    try:
        for _ in wakes(work, over):
            if not known():
                log.info("nobody knows of this sync any more")
                break
            sync.look(teller.saved)
    finally:
        teller.end()
        log.info("ended")


class _Status:
    """What `lab status` shows, in a file."""

    def __init__(self, path: Path) -> None:
        self._path, self._busy = path, threading.Lock()
        self._now = {"brought": "", "trouble": "", "desk": ""}

    def set(self, **changes: str) -> None:
        with self._busy, suppress(OSError):
            self._now |= changes
            draft = self._path.with_suffix(".new")
            draft.write_text(json.dumps(self._now), "utf-8")
            draft.replace(self._path)


def main() -> int:
    """Exit code 0 at its end."""
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    lab = catalog.find_lab(sys.argv[1])
    handler = RotatingFileHandler(lent.sync_log(lab.id), maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    joined.environment()
    run(lab, over)
    return 0


if __name__ == "__main__":
    sys.exit(main())
