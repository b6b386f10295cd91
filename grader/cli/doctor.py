"""`lab doctor`: whether labs can run here, and what a crash left behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader import metronome
from grader.classroom.desk import joined, lent
from grader.classroom.desk.seat import seat
from grader.cli.console import FAIL, next_step, say, stop_with, table
from grader.course import catalog
from grader.errors import BadInput
from grader.intake import staging
from grader.practice import rig, workspace
from infra.errors import InfraError
from infra.k8s import cluster, sweep
from infra.runtime import Runtime, runtimes

ENOUGH_DISK = 2 << 30
OLD_S = 6 * 3600
MEASURED_ON = 2
FAST_ENOUGH = 1.75
"""Cores. With less, `canary` runs its trials in more rounds (docs/adr/0019)."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `state` is ok, note or problem; `clear` removes a leftover."""

    what: str
    state: str
    detail: str
    clear: Callable[[], None] | None = None


def doctor(clear: bool) -> None:
    """Print what was found; with `clear`, remove leftovers. Exit 1 if a problem remains."""
    findings = [*_machine(), *_places(), *_workshop(), *_workshops(), *leftovers()]
    rows = []
    for finding in findings:
        state = finding.state
        if clear and finding.clear:
            finding.clear()
            state = "cleared"
        rows.append((finding.what, state, finding.detail))
    table(("what", "state", ""), rows)
    remaining = [row for row in rows if row[1] == "problem"]
    print()
    if any(finding.clear for finding in findings) and not clear:
        next_step("lab doctor --clear", "removes what was left behind")
    elif remaining:
        say("Mend what is marked `problem`; each line says how.")
        next_step("lab doctor", "looks again")
    else:
        next_step("lab list", "shows the labs")
    if remaining:
        stop_with(FAIL)


def _machine() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", "ok", f"{version} in {sys.prefix}")
    if sys.prefix == sys.base_prefix:
        yield Finding("environment", "note", "not a virtual environment; `make setup` makes one in .venv")
    free = shutil.disk_usage(catalog.root()).free
    enough = "ok" if free >= ENOUGH_DISK else "problem"
    yield Finding("disk", enough, f"{free / 2**30:.1f} GiB free; 2 GiB are wanted")
    yield _speed()
    yield _loopback()
    yield _writable(catalog.root() / "results")


def _speed() -> Finding:
    cores = metronome.cores()
    room = metronome.sound(cores)
    worth = f"{cores} cores, worth {room:.1f} of the {MEASURED_ON} that the labs were measured on"
    if room >= FAST_ENOUGH:
        return Finding("speed", "ok", worth)
    return Finding("speed", "note", f"{worth}: exams take longer, or end without a verdict; close other programs")


def _loopback() -> Finding:
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            return Finding("ports", "ok", f"loopback gives free ports (such as {server.getsockname()[1]})")
    except OSError as error:
        return Finding("ports", "problem", f"no port on 127.0.0.1 is free: {error.strerror}")


def _writable(folder: Path) -> Finding:
    try:
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return Finding("results", "ok", f"{folder} can be written")
    except OSError as error:
        return Finding("results", "problem", f"{folder} cannot be written ({error.strerror}); use --out")


def _places() -> Iterator[Finding]:
    usable = 0
    found = []
    for name, place in sorted(_runtimes().items()):
        try:
            place.check()
            usable += 1
            found.append(Finding(f"runtime {name}", "ok", "can be used"))
        except InfraError as error:
            found.append(Finding(f"runtime {name}", "note", str(error)))
    yield from found
    if not usable:
        yield Finding("runtimes", "problem", "no lab can run here; mend one of the runtimes above")


def _runtimes() -> dict[str, Runtime]:
    """Those that this checkout may use: one that joined a workshop has no rights in its cluster but the kit's."""
    return {name: place for name, place in runtimes().items() if name != "k8s" or not joined.joined()}


def _workshop() -> Iterator[Finding]:
    """Whether the workshop that was joined takes the kit, and saves are brought to its systems."""
    try:
        kit = joined.kit()
        if kit is None:
            return
        from grader.classroom.desk import asking

        for lab_id in kit.labs:
            asking.hints(kit, lab_id)
        yield Finding("workshop", "ok", f"{kit.workshop} answers {kit.participant}, until {kit.ends}")
    except (InfraError, BadInput) as error:
        yield Finding("workshop", "problem", str(error))
        return
    for lab_id in kit.labs:
        if lent.syncs(lab_id):
            yield Finding(f"sync {lab_id}", "ok", f"brings what you save; it writes to {lent.sync_log(lab_id)}")
        elif workspace.load(lab_id).sync:
            yield Finding(f"sync {lab_id}", "problem", f"has ended; `lab start {lab_id}` starts it again")


def leftovers() -> Iterator[Finding]:
    """What commands that were killed left: systems, workspaces' records, traffic, stages, temporary folders."""
    known: dict[str, Runtime] = {}
    for place in _runtimes().values():
        with contextlib.suppress(InfraError):
            place.check()
            known |= dict.fromkeys(place.leftovers(), place)
    for name, runtime_name in rig.strays(_runtimes().values()).items():
        known.setdefault(name, runtimes()[runtime_name])
    for name, place in sorted(known.items()):
        story = f"left on {place.name} by a command that was killed"
        yield Finding(f"system {name}", "problem", story, _clearer(place, name))
    for lab_id in catalog.lab_ids():
        if seat(lab_id).gone():
            yield Finding(f"lab {lab_id}", "problem", "was started, and its system is gone", _stopper(lab_id))
    for folder in [*staging.abandoned(), *_temporary()]:
        yield Finding("folder", "problem", f"{folder} was left by a command that was killed", _remover(folder))


def _workshops() -> Iterator[Finding]:
    """Workshops in the cluster. One with its teacher's namespace is meant to be there; without, only parts are left."""
    from grader.classroom.examiner import spaces
    from grader.classroom.teacher import removing

    with contextlib.suppress(InfraError):
        for workshop, whole in removing.workshops(cluster.context()).items():
            stop, rest = f"`lab workshop stop {workshop}`", f"`lab workshop stop {workshop} --no-export`"
            if whole:
                yield Finding(f"workshop {workshop}", "ok", f"is in the cluster; {stop} exports and removes it")
            else:
                yield Finding(f"workshop {workshop}", "problem", f"only parts are left; {rest} removes them")
        for space in spaces.strays(cluster.context()):
            story = f"was made by {space.exam}, which is over"
            yield Finding(f"namespace {space.name}", "problem", story, _space_remover(space.name))


def _space_remover(name: str) -> Callable[[], None]:
    return lambda: sweep.remove_namespace(cluster.context(), name)


def _temporary() -> list[Path]:
    """Our folders in the temporary folder that nobody touched for hours, and that are ours."""
    found = []
    for path in Path(tempfile.gettempdir()).glob("brownout-*"):
        with contextlib.suppress(OSError):
            status = path.lstat()
            if stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and time.time() - status.st_mtime > OLD_S:
                found.append(path)
    return found


def _clearer(place: Runtime, name: str) -> Callable[[], None]:
    return lambda: place.clear(name)


def _stopper(lab_id: str) -> Callable[[], None]:
    def stop() -> None:
        rig.stop(lab_id)

    return stop


def _remover(folder: Path) -> Callable[[], None]:
    return lambda: shutil.rmtree(folder, ignore_errors=True)
