"""A candidate's workspace: the copy of a lab in work/<id>/, what is remembered about it, and its way back.

No edit is ever lost: a copy is made whole or not at all, and everything that would be overwritten is kept first in
work/.backup/<id>-<time>/.
"""

from __future__ import annotations

import contextlib
import difflib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path, PurePosixPath

from grader.course import catalog, files
from grader.course.files import shown
from grader.errors import BadInput
from grader.practice.background import Background


@dataclass(frozen=True)
class State:
    """What is remembered about a workspace.

    Attributes:
        deployment, runtime: the running system, empty when there is none.
        boot: id of the machine's boot in which it was started; another one means that it is gone.
        token: what the running system's sealed services take for their control ports; empty for a lent one.
        home: the state folder that keeps it.
        control: the known design that it runs in place of the workspace's files, or empty.
        traffic, sync: the background traffic's process, and in a workshop the one that brings saved files.
        hints: how many hints were taken.
        verdict, close: of the last exam: pass, fail, invalid, or empty; whether it is a close call.
        passed: whether any exam was passed; the debrief is open then.
        last_run: folder of the last exam's results.
    """

    deployment: str = ""
    runtime: str = ""
    boot: str = ""
    token: str = ""
    home: str = ""
    control: str = ""
    traffic: Background | None = None
    sync: Background | None = None
    hints: int = 0
    verdict: str = ""
    close: bool = False
    passed: bool = False
    last_run: str = ""


@dataclass(frozen=True)
class Change:
    """One file that differs from what shipped: `what` is changed, added or deleted; `lines` a unified diff."""

    path: PurePosixPath
    what: str
    lines: list[str] = field(default_factory=list)


def folder(lab_id: str) -> Path:
    """Where the workspace of a lab is, there or not."""
    return catalog.root() / "work" / lab_id


def exists(lab_id: str) -> bool:
    """Whether the candidate has a copy of the lab."""
    return folder(lab_id).is_dir()


def require(lab_id: str) -> Path:
    """The workspace's folder.

    Raises:
        BadInput: there is no such lab, or no workspace of it yet.
    """
    catalog.lab_folder(lab_id)
    if not exists(lab_id):
        raise BadInput(f"there is no workspace work/{lab_id} yet; make one with `lab start {lab_id}`")
    return folder(lab_id)


def create(lab_id: str) -> bool:
    """Copy a lab into its workspace, unless it is there. Returns whether it was made.

    Raises:
        BadInput: no such lab, or the folder cannot be written.
    """
    source, target = catalog.lab_folder(lab_id), folder(lab_id)
    if target.is_dir():
        return False
    temporary = target.with_name(f".{lab_id}.{os.getpid()}")
    try:
        for found in files.walk(source):
            files.write(temporary / found.path, (source / found.path).read_bytes(), found.executable)
        temporary.rename(target)
    except OSError as error:
        raise BadInput(f"the workspace {target} cannot be made: {error.strerror}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return True


def status(lab_id: str) -> str:
    """One word: new, started, running, passed, failed."""
    state = load(lab_id)
    if state.passed:
        return "passed"
    if running(state):
        return "running"
    if state.verdict == "fail":
        return "failed"
    return "started" if exists(lab_id) else "new"


def running(state: State) -> bool:
    """Whether a system was started and not stopped, as far as is remembered."""
    return bool(state.deployment) and state.boot == boot_id()


def load(lab_id: str) -> State:
    """What is remembered; a lost or damaged record is a new one."""
    try:
        data = json.loads(_record(lab_id).read_text("utf-8"))
        known = {f.name for f in fields(State)}
        processes = {key: Background(**data[key]) if data.get(key) else None for key in ("traffic", "sync")}
        return State(**{**{k: v for k, v in data.items() if k in known}, **processes})
    except (OSError, ValueError, TypeError, AttributeError):
        return State()


def save(lab_id: str, state: State) -> None:
    """Remember `state`, whole or not at all.

    Raises:
        BadInput: the record cannot be written.
    """
    path = _record(lab_id)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch(0o600)  # it has the token
        temporary.write_text(json.dumps(asdict(state), indent=1), "utf-8")
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise BadInput(f"{path} cannot be written: {error.strerror}") from error


def update(lab_id: str, **changes: object) -> State:
    """Load, change, save; returns the new state."""
    state = replace(load(lab_id), **changes)  # type: ignore[arg-type]
    save(lab_id, state)
    return state


@contextlib.contextmanager
def lock(lab_id: str, wait_s: float = 0.0) -> Iterator[None]:
    """Only one start, stop, restart or reset of a lab at a time; another is waited for so long.

    Raises:
        BadInput: another is at it, or the lock cannot be made.
    """
    path = _record(lab_id).with_suffix(".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from error
    try:
        _take(handle, wait_s)
        yield
    except BlockingIOError:
        raise BadInput(f"another `lab` command is starting, stopping or resetting {lab_id}; wait for it") from None
    finally:
        os.close(handle)


def _take(handle: int, wait_s: float) -> None:
    give_up = time.monotonic() + wait_s
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= give_up:
                raise
            time.sleep(0.05)


def boot_id() -> str:
    """Names this boot of the machine; empty where the system does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def changes(lab_id: str) -> list[Change]:
    """What the candidate changed against what shipped, by file.

    Raises:
        BadInput: no workspace, or a file that cannot be read.
    """
    work, shipped = require(lab_id), catalog.lab_folder(lab_id)
    before = {found.path for found in files.walk(shipped)}
    after = {found.path for found in files.walk(work) if not found.path.parts[0].startswith(".")}
    found = (_compare(shipped, work, path, path in before, path in after) for path in sorted(before | after))
    return [change for change in found if change]


def _compare(shipped: Path, work: Path, path: PurePosixPath, was: bool, is_: bool) -> Change | None:
    if is_ and not (work / path).is_file():
        return Change(path, "changed", [f"{shown(path)} is not a regular file"])
    old = (shipped / path).read_bytes() if was else b""
    new = (work / path).read_bytes() if is_ else b""
    if was and is_ and old == new:
        return None
    what = "changed" if was and is_ else ("added" if is_ else "deleted")
    return Change(path, what, _diff(path, old, new, was, is_))


def _diff(path: PurePosixPath, old: bytes, new: bytes, was: bool, is_: bool) -> list[str]:
    name = shown(path)
    try:
        before, after = (text.decode("utf-8").splitlines() for text in (old, new))
    except UnicodeDecodeError:
        return [f"Binary files shipped/{name} and work/{name} differ"]
    head = f"shipped/{name}" if was else "/dev/null", f"work/{name}" if is_ else "/dev/null"
    return list(difflib.unified_diff(before, after, *head, lineterm=""))


def reset(lab_id: str, only: tuple[str, ...] = ()) -> tuple[list[Change], Path | None]:
    """Put files back as shipped, in place, after keeping a copy of the whole workspace.

    Args:
        only: paths relative to the workspace; none means all.

    Returns:
        What was put back, and the folder with the copy (None if nothing had to be).

    Raises:
        BadInput: no workspace, a path that is neither in the lab nor in the workspace, or no way to write.
    """
    work, shipped = require(lab_id), catalog.lab_folder(lab_id)
    for path in only:
        if not (shipped / path).is_file() and path not in {str(c.path) for c in changes(lab_id)}:
            raise BadInput(f"{shown(path)} is no file of lab {lab_id} that differs from what shipped")
    wanted = [change for change in changes(lab_id) if not only or str(change.path) in only]
    if not wanted:
        return [], None
    try:
        kept = _keep(lab_id, work)
        for change in wanted:
            _put_back(shipped, work, change)
    except OSError as error:
        raise BadInput(f"{work} cannot be reset: {error.strerror or error}") from error
    return wanted, kept


def _keep(lab_id: str, work: Path) -> Path:
    backups = work.parent / ".backup"
    backups.mkdir(parents=True, exist_ok=True)
    name = f"{lab_id}-{time.strftime('%Y%m%d-%H%M%S')}"
    taken = sum(1 for _ in backups.glob(f"{name}*"))
    kept = backups / (f"{name}.{taken}" if taken else name)
    temporary = backups / f".{kept.name}.{os.getpid()}"
    try:
        shutil.copytree(work, temporary, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        temporary.rename(kept)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return kept


def _put_back(shipped: Path, work: Path, change: Change) -> None:
    target = work / change.path
    if target.is_symlink() or change.what == "added":
        target.unlink()
    if change.what != "added":
        executable = bool((shipped / change.path).stat().st_mode & 0o100)
        files.write(target, (shipped / change.path).read_bytes(), executable)


def _record(lab_id: str) -> Path:
    return catalog.root() / ".brownout" / "workspaces" / f"{lab_id}.json"
