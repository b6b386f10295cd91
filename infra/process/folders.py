"""The state folders of all deployments, `.brownout/deployments/<name>/`: who is alive, what is left over."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.errors import PlatformBroken
from infra.home import home
from infra.process import family
from infra.process.plan import MARKER, Plan, mark, read_plan
from infra.process.trees import remove_tree
from infra.process.wire import read_endpoint

_NAME = re.compile(r"[a-z0-9-]{1,40}")
_DRAFT = ".draft-"


def is_name(name: str) -> bool:
    """Whether a deployment may be called so."""
    return _NAME.fullmatch(name) is not None


def folder_of(name: str) -> Path:
    """The state folder of a deployment, there or not."""
    return home() / "deployments" / name


def draft_of(name: str, key: str) -> Path:
    """A folder beside it in which it is put together."""
    return home() / "deployments" / f"{_DRAFT}{name}-{key}"


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock under which names and ports are given out."""
    (home() / "deployments").mkdir(parents=True, exist_ok=True)
    with (home() / "deployments.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def plans() -> list[Plan]:
    """The plans of all deployments, living or not."""
    return [plan for folder in _folders() if (plan := read_plan(folder)) is not None]


def is_live(folder: Path) -> bool:
    """Whether a deployment is whole: its supervisor runs (or is about to), and its owner does."""
    plan, endpoint = read_plan(folder), read_endpoint(folder)
    if plan is None or (plan.owner is not None and not plan.owner.alive):
        return False
    return endpoint.supervisor.alive if endpoint else plan.maker.alive


def leftovers() -> list[str]:
    """Names of deployments that are not whole, sorted."""
    left = {folder.name for folder in _folders() if not is_live(folder)}
    left |= {name for name in _marked() if not is_live(folder_of(name))}
    return sorted(left)


def clear(name: str, within_s: float = 10.0) -> None:
    """End what is left of a deployment's processes and remove its folder.

    Raises:
        PlatformBroken: something cannot be ended or removed.
    """
    folder = folder_of(name)
    endpoint = read_endpoint(folder)
    give_up = time.monotonic() + within_s
    if endpoint and endpoint.supervisor.alive:
        os.kill(endpoint.supervisor.pid, signal.SIGTERM)
        _poll(lambda: not endpoint.supervisor.alive, name, give_up)
    _poll(lambda: not _kill_marked(name), name, give_up)
    _remove(folder)


def _kill_marked(name: str) -> bool:
    left = family.marked(name)
    family.send(left, signal.SIGKILL)
    return bool(left)


def _poll(done: Callable[[], bool], name: str, give_up: float) -> None:
    while not done():
        if time.monotonic() > give_up:
            raise PlatformBroken(
                f"deployment {name} cannot be ended: end the processes with {MARKER}={mark(name, '*')} by hand"
            )
        time.sleep(0.005)


def _remove(folder: Path) -> None:
    try:
        remove_tree(folder)
    except OSError as error:
        raise PlatformBroken(f"{folder} cannot be removed: {error}") from error


def _folders() -> list[Path]:
    root = home() / "deployments"
    return [folder for folder in root.iterdir() if is_name(folder.name)] if root.exists() else []


def _marked() -> set[str]:
    found = (family.marker(process) for process in family.marked())
    return {name for name, _ in filter(None, found) if is_name(name)}
